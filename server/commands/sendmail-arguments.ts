import { misused } from './command.ts'

/** What the arguments of sendmail ask for. */
export interface SendmailArguments {
  recipients: string[]
  /** -t: the recipients stand in the header. */
  fromHeader: boolean
  /** Not -i: a dot alone on a line ends the message. */
  dotEnds: boolean
  /** -f or -r; undefined: the user at this host. `''` and `<>` are the null reverse path. */
  sender: string | undefined
  /** -F: the sender's full name. */
  fullName: string
  /** -au, -ap: the credentials of an inbox, as ssmtp spells them. */
  username: string | undefined
  password: string | undefined
}

/** The letters that Sendmail, Postfix, Exim and msmtp know, and those of them that take a value. */
const LETTERS = new Set('ABCFGILNORUVXbcefhimnopqrtvxd')
const WITH_VALUE = new Set('ABCFLNORVXbefhopr')
/** -q, -d and -e take what is glued to them, and nothing else. */
const GLUED = new Set('qde')

/**
 * Flags may be joined (`-ti`), values glued or apart (`-fada@x`, `-f ada@x`). What only a real queue understands
 * (-N, -R, -V, -B, -O, most of -o …) is taken and passed over, as the usual drop-ins do.
 * @throws CommandFailure EX_USAGE: an unknown flag, or a mode that is not "take a message"
 */
export function readSendmailArguments(args: readonly string[]): SendmailArguments {
  const read: SendmailArguments = {
    recipients: [],
    fromHeader: false,
    dotEnds: true,
    sender: undefined,
    fullName: '',
    username: undefined,
    password: undefined,
  }
  const rest = [...args]
  const valueOf = (flag: string, glued: string): string => {
    const value = glued === '' ? rest.shift() : glued
    if (value === undefined) throw misused(`sendmail: ${flag} wants a value`)
    return value
  }
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      read.recipients.push(...rest)
      break
    }
    if (!arg.startsWith('-') || arg === '-') read.recipients.push(arg)
    else if (arg.startsWith('-au')) read.username = valueOf('-au', arg.slice(3))
    else if (arg.startsWith('-ap')) read.password = valueOf('-ap', arg.slice(3))
    else readCluster(arg.slice(1), valueOf, read)
  }
  if ((read.username === undefined) !== (read.password === undefined))
    throw misused('sendmail: -au and -ap go together')
  return read
}

function readCluster(
  cluster: string,
  valueOf: (flag: string, glued: string) => string,
  read: SendmailArguments,
): void {
  for (let at = 0; at < cluster.length; at++) {
    const letter = cluster.charAt(at)
    if (!LETTERS.has(letter)) throw misused(`sendmail: there is no flag -${letter}`)
    const glued = cluster.slice(at + 1)
    if (GLUED.has(letter)) return
    if (!WITH_VALUE.has(letter)) {
      if (letter === 't') read.fromHeader = true
      if (letter === 'i') read.dotEnds = false
      continue
    }
    const value = valueOf(`-${letter}`, glued)
    if (letter === 'f' || letter === 'r') read.sender = value.trim().replace(/^<(.*)>$/, '$1')
    if (letter === 'F') read.fullName = value
    if (letter === 'o' && value === 'i') read.dotEnds = false
    if (letter === 'b' && value !== 'm')
      throw misused(`sendmail: -b${value} is not served, only -bm: take one message`)
    return
  }
}
