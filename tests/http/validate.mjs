// Does a server judge documents as graphql-js does? The documents of ../validation, each by both:
// graphql-js over the schema that the server tells by introspection.
// usage: node validate.mjs http://127.0.0.1:8080/graphql   (serve ../validation/ontology.graphql)
//        node validate.mjs                                  (only checks the documents' labels)

import { readFileSync } from 'node:fs'
import { buildClientSchema, buildSchema, getIntrospectionQuery, parse, validate } from 'graphql'

const url = process.argv[2]
const file = (name) => readFileSync(new URL(`../validation/${name}`, import.meta.url), 'utf8')

const documents = file('documents.txt')
  .split(/^### /m)
  .slice(1)
  .map((part) => {
    const end = part.indexOf('\n')
    const [, label, title] = /^(good|bad|ours) (.*)$/.exec(part.slice(0, end))
    return { label, title, text: part.slice(end + 1) }
  })

function refusedByReference(schema, text) {
  try {
    return validate(schema, parse(text)).length > 0
  } catch {
    return true
  }
}

async function ask(query) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const body = JSON.stringify({ query, variables: {} })
  const response = await fetch(url, { method: 'POST', headers, body })
  return response.json()
}

const REFUSALS = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']

async function refusedByServer(text) {
  const { errors = [] } = await ask(text)
  return errors.some((error) => REFUSALS.includes(error.extensions?.code))
}

/** A server that does not write yet has no root type for it; graphql-js 16 overlooks that. */
function lacksRoot(schema, text) {
  const asked = new Set(parse(text).definitions.map((definition) => definition.operation))
  const lacks = (kind, type) => !type && asked.has(kind)
  return lacks('mutation', schema.getMutationType()) || lacks('subscription', schema.getSubscriptionType())
}

let failed = 0
function fail(title, reason) {
  failed += 1
  console.error(`${title}: ${reason}`)
}

// graphql-js defines @oneOf itself.
const small = buildSchema(file('schema.graphql').replace(/^directive @oneOf .*$/m, ''))
for (const { label, title, text } of documents) {
  const expected = label === 'bad'
  if (refusedByReference(small, text) !== expected) fail(title, 'the label is not what graphql-js says')
}

if (url) {
  const { data } = await ask(getIntrospectionQuery({ directiveIsRepeatable: true, inputValueDeprecation: true, oneOf: true }))
  const schema = buildClientSchema(data)
  let [accepted, refused] = [0, 0]
  for (const { label, title, text } of documents) {
    const server = await refusedByServer(text)
    const reference = refusedByReference(schema, text)
    server ? (refused += 1) : (accepted += 1)
    if (reference && !server) fail(title, 'the server accepts it, graphql-js does not')
    const stricter = () => label === 'ours' || lacksRoot(schema, text)
    if (!reference && server && !stricter()) fail(title, 'the server refuses it, graphql-js does not')
  }
  if (accepted < 20) fail('all', `the server accepts only ${accepted}: does it serve the right ontology?`)
  console.log(`the server accepts ${accepted} and refuses ${refused} documents`)
}
console.log(`${documents.length} documents, ${failed} disagreements`)
process.exitCode = failed ? 1 : 0
