// Does a server keep the GraphQL-over-HTTP specification? All audits count, SHOULD and MAY too.
// usage: node audit.mjs http://127.0.0.1:8080/graphql

import { serverAudits } from 'graphql-http'

const EXPECTED = 61 // of graphql-http 1.23.1; a run of fewer must not pass for a whole one

const url = process.argv[2] ?? 'http://127.0.0.1:8080/graphql'
const audits = serverAudits({ url })
let failed = 0
for (const audit of audits) {
  const result = await audit.fn()
  if (result.status === 'ok') continue
  failed += 1
  console.error(`${result.status} ${audit.id} ${audit.name}: ${result.reason ?? ''}`)
}
console.log(`${audits.length - failed} of ${audits.length} audits pass`)
if (audits.length !== EXPECTED) console.error(`there should be ${EXPECTED} audits`)
process.exitCode = failed || audits.length !== EXPECTED ? 1 : 0
