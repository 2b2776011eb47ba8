/** A port that cannot be had, said so that the operator knows which setting to change. */
export async function listening<T>(door: string, ports: number[], listen: () => Promise<T>): Promise<T> {
  try {
    return await listen()
  } catch (error) {
    const {
      code,
      port = ports[0],
      address,
    } = error as NodeJS.ErrnoException & { port?: number; address?: string }
    if (code === 'EADDRINUSE')
      throw new Error(`port ${port} for ${door} is taken by another program`, { cause: error })
    if (code === 'EACCES')
      throw new Error(`no permission to listen on port ${port} for ${door}`, { cause: error })
    if (code === 'EADDRNOTAVAIL')
      throw new Error(`${address} is no address of this machine`, { cause: error })
    throw error
  }
}
