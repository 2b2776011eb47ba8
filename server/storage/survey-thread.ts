import { parentPort, workerData } from 'node:worker_threads'
import { asFault } from './faults.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import type { SurveyAnswer, SurveyQuery } from './survey.ts'

// Reads one query after the other, on a connection of its own.
const port = parentPort
if (port === null) throw new Error('survey-thread.ts runs as a worker only')
const connection = new SqliteConnection((workerData as { file: string }).file, 'read')

port.on('message', ({ id, sql, parameters }: SurveyQuery) => {
  let answer: SurveyAnswer
  try {
    answer = { id, result: connection.run(sql, parameters) }
  } catch (error) {
    const { kind, message, code } = asFault(error)
    answer = { id, fault: { kind, message, code } }
  }
  port.postMessage(answer)
})
