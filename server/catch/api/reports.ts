import type { FastifyInstance } from 'fastify'
import { say } from '../../http/say.ts'
import { ref } from '../../http/schemas.ts'
import { Problem } from '../../problem.ts'
import type { HtmlReport } from '../checks/html-support.ts'
import type { SpamReport } from '../checks/spam-report.ts'
import { foundMessage } from './found.ts'
import type { Sandbox } from './sandbox.ts'
import type { AnalyzeWire, SpamReportWire } from './wire.ts'

/** A score of 5 is 5.0. */
const FLOATS = ['Score', 'Threshold']

/** What the dialect answers where nobody has checked: no score is ever made up (contract, section 16). */
const UNCHECKED: SpamReportWire = {
  report: {
    ResponseCode: 0,
    ResponseMessage: 'EX_OK',
    ResponseVersion: '1.1',
    Score: 0,
    Spam: false,
    Threshold: 5,
    Details: [],
  },
}

/** A source of one rule in every line would make a reply of megabytes. */
const MOST_ERRORS = 1000

/** Contract, sections 8.6 and 8.7. */
export function reports(app: FastifyInstance, sandbox: Sandbox, inboxes = '/inboxes'): void {
  app.get(
    `${inboxes}/:id/messages/:message_id/spam_report`,
    {
      config: {
        doc: {
          summary: "SpamAssassin's report",
          description: 'With a Score of 0 and no Details where there is no spamd to ask.',
          reply: ref('SpamReport'),
        },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const report = await sandbox.checks.spam(message).then(spamWire, ifUnavailable(UNCHECKED))
      return say(request, reply, report, 'hash', FLOATS)
    },
  )

  app.get(
    `${inboxes}/:id/messages/:message_id/analyze`,
    {
      config: {
        doc: { summary: 'Which mail programs do not support what of the HTML', reply: ref('HtmlAnalysis') },
      },
    },
    async (request, reply) => {
      const message = await foundMessage(sandbox, request, 'see')
      const report = await sandbox.checks
        .html(message)
        .then(htmlWire, (error: unknown) => ifUnavailable(failed((error as Error).message))(error))
      return say(request, reply, report, 'hash')
    },
  )
}

function ifUnavailable<T>(instead: T): (error: unknown) => T {
  return error => {
    if (error instanceof Problem && error.kind === 'unavailable') return instead
    throw error
  }
}

function spamWire({ version, code, message, score, threshold, rules }: SpamReport): SpamReportWire {
  return {
    report: {
      ResponseCode: code,
      ResponseMessage: message,
      ResponseVersion: version,
      Score: score,
      Spam: score >= threshold,
      Threshold: threshold,
      Details: rules.map(({ points, name, description }) => ({
        Pts: points,
        RuleName: name,
        Description: description,
      })),
    },
  }
}

/** What some program does not support at all; V1 has no word for half. */
function htmlWire(report: HtmlReport | undefined): AnalyzeWire {
  if (report === undefined) return failed('The message has no HTML part')
  const unsupported = report.rules
    .filter(({ none }) => Object.keys(none).length > 0)
    .toSorted((a, b) => (a.title < b.title ? -1 : 1))
  const errors = unsupported
    .flatMap(({ title, none: { desktop, mobile, web }, lines }) =>
      lines.map(line => ({
        error_line: line,
        rule_name: title,
        email_clients: { ...(desktop && { desktop }), ...(mobile && { mobile }), ...(web && { web }) },
      })),
    )
    .toSorted((a, b) => a.error_line - b.error_line)
  const notes = [
    report.note,
    errors.length > MOST_ERRORS && `The first ${MOST_ERRORS} of ${errors.length} are listed.`,
  ].filter(note => typeof note === 'string')
  return {
    report: {
      status: 'success',
      ...(notes.length > 0 && { msg: notes.join(' ') }),
      errors: errors.slice(0, MOST_ERRORS),
    },
  }
}

function failed(msg: string): AnalyzeWire {
  return { report: { status: 'error', msg } }
}
