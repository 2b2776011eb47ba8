/** The 7-bit charsets that TextDecoder left behind. */

const utf7Run = /\+([A-Za-z0-9+/]*)-?/g

/** RFC 2152: `+` opens a run of base64 in UTF-16BE, `+-` is a plus sign. */
export function decodeUtf7(bytes: Buffer): string {
  return bytes.toString('latin1').replace(utf7Run, (run: string, base64: string) => {
    if (base64 === '') return run === '+-' ? '+' : run
    const units = Buffer.from(base64, 'base64')
    return units
      .subarray(0, units.length & ~1)
      .swap16()
      .toString('utf16le')
      .toWellFormed()
  })
}

/** RFC 1843: GB 2312 between `~{` and `~}`, two 7-bit bytes a character. */
export function decodeHz(bytes: Buffer): string {
  const raised = Buffer.allocUnsafe(bytes.length)
  let length = 0
  let chinese = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (byte === 0x7e) {
      const next = bytes[i + 1]
      if (next === 0x7b || next === 0x7d) {
        chinese = next === 0x7b
        i++
        continue
      }
      if (next === 0x7e) i++
      else if (next === 0x0a) {
        i++
        continue
      }
    }
    raised[length++] = chinese && byte > 0x20 ? byte | 0x80 : byte
  }
  return new TextDecoder('gbk').decode(raised.subarray(0, length))
}

/** RFC 1557: KS C 5601 between SO and SI, after the announcement ESC $ ) C. */
export function decodeIso2022Kr(bytes: Buffer): string {
  const raised = Buffer.allocUnsafe(bytes.length)
  let length = 0
  let korean = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    if (byte === 0x0e || byte === 0x0f) korean = byte === 0x0e
    else if (byte === 0x1b && bytes[i + 1] === 0x24 && bytes[i + 2] === 0x29 && bytes[i + 3] === 0x43) i += 3
    else raised[length++] = korean && byte > 0x20 ? byte | 0x80 : byte
  }
  return new TextDecoder('euc-kr').decode(raised.subarray(0, length))
}
