/** Has the browser fetch a file and keep it, as it comes. */
export function download(path: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.click()
}
