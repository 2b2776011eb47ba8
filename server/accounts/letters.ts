/** What this folder mails; it is handed the way to do so. */
export interface Letter {
  to: string
  subject: string
  text: string
}

/** @returns false: nothing can be mailed from here */
export type SendLetter = (letter: Letter) => Promise<boolean>

interface Offer {
  to: string
  /** Names, as people chose them. */
  by: string
  thing: string
  /** `the workspace`, `the project`, `the inbox` */
  kind: string
}

export function invitationLetter({ to, by, thing, kind }: Offer, link: string, expiresAt: number): Letter {
  return {
    to,
    subject: line(`${by} invites you to ${thing}`),
    text: paragraphs(
      line(`${by} invites you to the ${kind} "${thing}" on Posthorn.`),
      `Open this link to accept; it works once, until ${day(expiresAt)}:`,
      link,
      'If you do not know what this is about, do nothing.',
    ),
  }
}

/** To somebody who has an account. */
export function joinedLetter({ to, by, thing, kind }: Offer, publicUrl: string): Letter {
  return {
    to,
    subject: line(`${by} lets you into ${thing}`),
    text: paragraphs(
      line(`${by} lets you into the ${kind} "${thing}" on Posthorn. It is there when you sign in:`),
      publicUrl,
    ),
  }
}

export function confirmationLetter(to: string, link: string): Letter {
  return {
    to,
    subject: 'Confirm your new e-mail address',
    text: paragraphs(
      'Somebody, probably you, wants to use this address on Posthorn. Open this link to confirm it:',
      link,
      'If it was not you, do nothing.',
    ),
  }
}

/** To somebody who signed up. */
export function proofLetter(to: string, link: string): Letter {
  return {
    to,
    subject: 'Confirm your e-mail address',
    text: paragraphs(
      'Somebody, probably you, signed up on Posthorn with this address. Open this link to confirm it:',
      link,
      'If it was not you, do nothing: without this link nobody gets in.',
    ),
  }
}

export function passwordResetLetter(to: string, link: string): Letter {
  return {
    to,
    subject: 'A new password for Posthorn',
    text: paragraphs(
      'Somebody, probably you, forgot the password of this address on Posthorn. Open this link within an hour to set ' +
        'a new one; it works once:',
      link,
      'If it was not you, do nothing: your password stays as it is.',
    ),
  }
}

/** A name must not pass for lines of ours. */
function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

function paragraphs(...texts: string[]): string {
  return `${texts.join('\n\n')}\n`
}

function day(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
