/** How a message came: what its own bytes do not say. Kept as JSON beside them. */
export interface Arrival {
  source: 'smtp' | 'api' | 'import'
  /** The reverse path of RFC 5321 section 2.3.1; '' is the null one. */
  mail_from: string
  rcpt_to: string[]
  client_ip: string
  /** What the client called itself. */
  helo: string
  /** Protocol and cipher, or null without TLS. */
  tls: string | null
  /** The username, or null without AUTH. */
  login: string | null
  /** RET and ENVID of RFC 3461, if given. */
  ret?: 'FULL' | 'HDRS'
  envid?: string
  /** Of mail from the API: the template it was to be made from, which is kept elsewhere. */
  template?: { uuid: string; variables: Record<string, unknown> | null }
}
