import { hostname, userInfo } from 'node:os'
import { buffer } from 'node:stream/consumers'
import { readSettings, type Settings } from '../config.ts'
import { parseAddressList } from '../mail/address.ts'
import { submit } from '../mail/smtp/client.ts'
import { SmtpError } from '../mail/smtp/client-channel.ts'
import { CommandFailure, misused, type RawCommand } from './command.ts'
import { readSendmailArguments } from './sendmail-arguments.ts'
import { bytesOf, complete, readSubmission, takeRecipients } from './sendmail-message.ts'

// sysexits.h
const EX_UNAVAILABLE = 69
const EX_TEMPFAIL = 75

/** For a program that waits for its sendmail to return. */
const PATIENCE_SECONDS = 60

export const command: RawCommand = {
  usage: ['sendmail [-t] [-i] [-f ADDRESS] [-F NAME] [-au USERNAME -ap PASSWORD] [RECIPIENT …] < message'],
  details:
    'Takes a message from the standard input and hands it to the running server over SMTP, at the first of\n' +
    'POSTHORN_SMTP_PORTS. For PHP: sendmail_path = "/path/to/posthorn/bin/posthorn sendmail -t -i"\n\n' +
    '  -t            recipients stand in To, Cc and Bcc; Bcc is taken out. Those given as arguments count too\n' +
    '  -i, -oi       a dot alone on a line does not end the message\n' +
    '  -f ADDRESS    the envelope sender; otherwise the user at this host\n' +
    '  -F NAME       the name in From, where the message has none\n' +
    '  -au U -ap P   the SMTP credentials of an inbox; otherwise the mail comes without a login\n\n' +
    'From, Date and Message-ID are added where they are missing. Other flags of sendmail are taken and passed over;\n' +
    'modes other than -bm are refused. Exit codes are those of sysexits.h: 75, try again later; 69, refused; 64, misused.',
  // Nothing of the database is loaded here: a web page may be waiting for this process to come and go.
  async runRaw(args) {
    const { fromHeader, dotEnds, sender, fullName, username, password, recipients } =
      readSendmailArguments(args)
    const target = targetOf(readSettings())
    const submission = readSubmission(await buffer(process.stdin), dotEnds)
    const host = hostname()
    const self = `${userName()}@${host}`
    const forwardPaths = new Set([
      ...recipients.flatMap(text => parseAddressList(text)).map(({ address }) => address),
      ...(fromHeader ? takeRecipients(submission) : []),
    ])
    forwardPaths.delete('')
    if (forwardPaths.size === 0)
      throw misused(`sendmail: no recipients${fromHeader ? ' in the header' : ': name them, or use -t'}`)
    complete(submission, { name: fullName, address: sender || self }, host)
    try {
      const { refused } = await submit(
        {
          ...target,
          heloName: host,
          timeout: PATIENCE_SECONDS,
          ...(username !== undefined && password !== undefined && { auth: { username, password } }),
        },
        // A bare user name is somebody of this host.
        { reversePath: sender ?? self, forwardPaths: [...forwardPaths].map(path => qualified(path, host)) },
        bytesOf(submission),
      )
      const [first] = refused
      if (first !== undefined)
        throw new CommandFailure(
          `sendmail: not for ${first.forwardPath}: ${first.reply.code} ${first.reply.text}; sent to the others`,
          first.reply.code < 500 ? EX_TEMPFAIL : EX_UNAVAILABLE,
        )
    } catch (error) {
      if (!(error instanceof SmtpError)) throw error
      throw asFailure(error, target)
    }
  },
}

interface Target {
  host: string
  port: number
  secure: 'none' | 'opportunistic'
}

function targetOf({ host, smtpPorts }: Settings): Target {
  const port = smtpPorts[0]
  if (port === undefined) throw misused('sendmail: POSTHORN_SMTP_PORTS names no port')
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  // TLS to one's own machine would double the time and hide nothing.
  return { host: reached, port, secure: 'none' }
}

function asFailure({ code, message }: SmtpError, { host, port }: Target): CommandFailure {
  if (message.includes('ECONNREFUSED'))
    return new CommandFailure(
      `sendmail: no server answers at ${host} port ${port}; posthorn serve starts one`,
      EX_TEMPFAIL,
    )
  return new CommandFailure(`sendmail: ${message}`, code >= 500 ? EX_UNAVAILABLE : EX_TEMPFAIL)
}

function qualified(address: string, host: string): string {
  return address.includes('@') ? address : `${address}@${host}`
}

/** A process may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid${process.getuid?.() ?? 0}`
  }
}
