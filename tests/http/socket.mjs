// Does the reference client of graphql-transport-ws get its answers over WebSocket?
// usage: node socket.mjs http://127.0.0.1:8080/graphql

import assert from 'node:assert/strict'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

const url = (process.argv[2] ?? 'http://127.0.0.1:8080/graphql').replace(/^http/, 'ws')
const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, lazy: true })

async function all(query) {
  const answers = []
  for await (const answer of client.iterate({ query })) answers.push(answer)
  return answers
}

const parallel = await Promise.all(Array.from({ length: 20 }, () => all('{ __typename }')))
for (const answers of parallel) assert.deepEqual(answers, [{ data: { __typename: 'Query' } }])
await assert.rejects(all('{'), (errors) => Array.isArray(errors) && typeof errors[0].message === 'string')
assert.equal((await all('{ __typename }')).length, 1)
await client.dispose()
console.log('graphql-ws gets its answers')
