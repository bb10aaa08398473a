// Do other people's clients get along with the real binary? Starts servers on new data directories
// and free ports, runs the audits against them, and stops them.
// usage: node run.mjs path/to/guitu   (first `npm ci` here)

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const binary = resolve(process.argv[2] ?? here('../../target/debug/guitu'))

/** A server of an ontology without data, and the URL at which it answers. */
async function serve(ontology, data) {
  const flags = ['serve', '--listen', '127.0.0.1:0', '--ontology', ontology, '--data', data, '--no-seed']
  const server = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  server.stderr.on('data', (text) => (log += text))
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\S+\/graphql/.exec(line)?.[0]
    if (url) return { server, url, log: () => log }
  }
  throw new Error(`${binary} does not serve:\n${log}`)
}

/** Whether a script is content with a server, or with the program. */
async function passes(script, whom) {
  const run = spawn(process.execPath, [here(script), whom], { stdio: 'inherit' })
  const [code] = await once(run, 'exit')
  return code === 0
}

async function stops({ server, log }) {
  const exit = once(server, 'exit')
  server.kill('SIGTERM')
  const [code] = await exit
  if (code !== 0) console.error(`the server ended with ${code}:\n${log()}`)
  return code === 0
}

/** Runs scripts against one server; a script that fails does not keep the others from running. */
async function run(ontology, scripts) {
  const data = await mkdtemp(join(tmpdir(), 'guitu-http-'))
  let passed = true
  try {
    const serving = await serve(ontology, data)
    try {
      for (const script of scripts) passed = (await passes(script, serving.url)) && passed
    } finally {
      passed = (await stops(serving)) && passed
    }
  } finally {
    await rm(data, { recursive: true })
  }
  return passed
}

const passed = [
  await run(here('../../schema.graphql'), ['audit.mjs', 'socket.mjs']),
  await run(here('../validation/ontology.graphql'), ['validate.mjs']),
  await passes('changes.mjs', binary),
]
process.exitCode = passed.every(Boolean) ? 0 : 1
