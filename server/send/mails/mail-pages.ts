/** What stands in the links of a mail that is of no delivery: the pages behind them do nothing. */
export const TEST_TOKEN = 'test'

/** The addresses of ours that stand in mails, up to the token. */
export function mailPages(publicUrl: string) {
  const base = publicUrl.replace(/\/+$/, '')
  return {
    unsubscribe: `${base}/subscriptions/unsubscribe/`,
    webview: `${base}/webview/`,
    open: `${base}/t/o/`,
    click: `${base}/t/c/`,
  }
}

/** A token for local parts, which some mail systems write in small letters. */
export function mailboxToken(token: string): string {
  return token === TEST_TOKEN ? token : Buffer.from(token, 'base64url').toString('hex')
}
