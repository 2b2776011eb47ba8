// A thread that asks for paths over some connections, one after the other on each: the thread that answers has its CPU
// time counted, and that must not be in it.
import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

export interface GetLoad {
  port: number
  paths: readonly string[]
  connections: number
  /** Of all connections together. */
  requests: number
  agent: string
}

const { port, paths, connections, requests, agent } = workerData as GetLoad
let asked = 0
await Promise.all(Array.from({ length: connections }, ask))
// Its whole life: it is started for this.
parentPort?.postMessage(process.threadCpuUsage())

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.setEncoding('latin1')
    socket.on('error', reject)
    // Answers are smaller than a packet: each comes in one piece.
    socket.on('data', (answer: string) => {
      if (!/^HTTP\/1\.1 (?:200|302|404) /.test(answer)) reject(new Error(answer.slice(0, 100)))
      next()
    })
    next()

    function next(): void {
      if (asked >= requests) {
        socket.end()
        return resolve()
      }
      const path = paths[asked++ % paths.length]
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: ${agent}\r\n\r\n`)
    }
  })
}
