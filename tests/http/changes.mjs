// Does a client get every commit once, in order, while a writer goes on and the server is killed and
// started again? graphql-ws as its users use it, and a plain reader of server-sent events.
// usage: node changes.mjs path/to/guitu

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

const binary = resolve(process.argv[2])
const folder = await mkdtemp(join(tmpdir(), 'guitu-changes-'))
const [ontology, data] = ['schema.graphql', 'data'].map((name) => join(folder, name))
await writeFile(ontology, 'type City @node { name: String! }')
const KILLS = 5
const COMMITS_BETWEEN = 40

/** A port that is free now, and kept over restarts. */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  await new Promise((done) => probe.close(done))
  return port
}

const port = await freePort()
const url = `http://127.0.0.1:${port}/graphql`

async function serve() {
  const flags = ['serve', '--listen', `127.0.0.1:${port}`, '--ontology', ontology, '--data', data, '--no-seed']
  const server = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  server.stderr.on('data', (text) => (log += text))
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('/graphql')) return server
  }
  throw new Error(`${binary} does not serve:\n${log}`)
}

async function ask(query) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
  const answer = await response.json()
  assert.equal(answer.errors, undefined, JSON.stringify(answer))
  return answer.data
}

/** What somebody has been told, commit by commit. */
class Told {
  sets = []
  waiting = []

  get last() {
    return this.sets.at(-1)?.revision ?? '0'
  }

  add(set) {
    assert.equal(Number(set.revision), this.sets.length + 1, 'the next commit, once')
    this.sets.push(set)
    this.waiting = this.waiting.filter(({ many, done }) => this.sets.length < many || done())
  }

  /** Resolves when so many commits have come. */
  come(many) {
    if (this.sets.length >= many) return Promise.resolve()
    return new Promise((done) => this.waiting.push({ many, done }))
  }
}

const CHANGES = 'revision events { action id node { key } after }'
const resumed = (told) => `subscription { changes(after: "${told.last}") { ${CHANGES} } }`

/** Subscribes by graphql-ws, again and again from where it was, whenever the connection is lost. */
async function byWebSocket(told, over) {
  const options = { url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 }
  while (!over.aborted) {
    const client = createClient(options)
    const stop = () => client.dispose()
    over.addEventListener('abort', stop, { once: true })
    try {
      for await (const { data, errors } of client.iterate({ query: resumed(told) })) {
        assert.equal(errors, undefined)
        told.add(data.changes)
      }
    } catch (lost) {
      if (lost instanceof assert.AssertionError || Array.isArray(lost)) throw lost
      await running
    } finally {
      over.removeEventListener('abort', stop)
      await client.dispose()
    }
  }
}

/** The same as server-sent events. */
async function byEvents(told, over) {
  while (!over.aborted) {
    try {
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
      const body = JSON.stringify({ query: resumed(told) })
      const response = await fetch(url, { method: 'POST', headers, body, signal: over })
      assert.equal(response.status, 200)
      let text = ''
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        const events = (text + piece).split('\n\n')
        text = events.pop()
        for (const event of events) {
          const next = /^event: next\ndata: (.*)$/s.exec(event)
          if (next) told.add(JSON.parse(next[1]).data.changes)
        }
      }
    } catch (lost) {
      if (lost instanceof assert.AssertionError) throw lost
      await running
    }
  }
}

let server
/** Resolves while a server runs. */
let running

/** Kills the server in the midst of its work, and starts it again. */
function restart() {
  const killed = server
  running = (async () => {
    const exit = once(killed, 'exit')
    killed.kill('SIGKILL')
    await exit
    server = await serve()
  })()
}

const answered = new Set()
let begun = 0
let kills = 0

/** Writes one commit after another, whatever becomes of the server meanwhile. */
async function write() {
  while (answered.size < (KILLS + 1) * COMMITS_BETWEEN) {
    const key = `c${begun++}`
    try {
      await ask(`mutation { createCities(input: [{key: "${key}", name: "${key}"}]) { revision } }`)
    } catch (lost) {
      if (lost instanceof assert.AssertionError) throw lost
      await running // The write is there as a whole or not at all.
      continue
    }
    answered.add(key)
    if (kills < KILLS && answered.size >= (kills + 1) * COMMITS_BETWEEN) {
      kills++
      restart()
    }
  }
}

let passed = false
const over = new AbortController()
try {
  server = await serve()
  running = Promise.resolve()
  const [socket, events] = [new Told(), new Told()]
  const readers = [byWebSocket(socket, over.signal), byEvents(events, over.signal)]
  const failed = Promise.race(readers)
  await Promise.race([Promise.all(Array.from({ length: 4 }, write)), failed])
  await running
  const { revision } = await ask('{ revision }')
  const all = Number(revision)
  assert.ok(all >= answered.size, `${all} commits, ${answered.size} answered`)
  assert.equal(kills, KILLS)
  await Promise.race([Promise.all([socket.come(all), events.come(all)]), failed])
  for (const told of [socket, events]) {
    const revisions = told.sets.map((set) => Number(set.revision))
    assert.deepEqual(revisions, Array.from({ length: all }, (_, at) => at + 1))
    const keys = told.sets.flatMap((set) => set.events.map((event) => event.node.key))
    assert.equal(new Set(keys).size, keys.length, 'no city is told twice')
    const { cities } = await ask('{ cities { key } }')
    assert.deepEqual(new Set(keys), new Set(cities.map((city) => city.key)))
    for (const key of answered) assert.ok(keys.includes(key), `${key} was acknowledged`)
  }
  passed = true
  console.log(`${all} commits over ${KILLS} kills: each told once, in order, over WebSocket and as events`)
} finally {
  over.abort()
  const exit = once(server, 'exit')
  server.kill('SIGTERM')
  const [code] = await exit
  if (code !== 0) console.error(`the server ended with ${code}`)
  passed &&= code === 0
  await rm(folder, { recursive: true })
}
process.exit(passed ? 0 : 1)
