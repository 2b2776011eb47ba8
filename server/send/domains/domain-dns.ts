/** How DNS is asked: nothing for a name that does not exist; each rejects if no name server answers in time. */
export interface DomainDns {
  /** Each record joined. */
  txt(name: string): Promise<string[]>
  /** The most preferred first; '' is a null MX (RFC 7505). */
  mx(name: string): Promise<string[]>
  addresses(name: string): Promise<string[]>
  /** PTR. */
  namesOf(address: string): Promise<string[]>
}
