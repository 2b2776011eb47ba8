/** Mails such as a shop sends: text and HTML of the same words, no two alike, the same ones at every run. */

const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zu bran del fis gor'.split(' ')
const VOCABULARY = 5000

/** The words of these mails, the commonest first. */
function word(rank: number): string {
  let text = ''
  for (let rest = rank + 24; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    text += SYLLABLES[rest % SYLLABLES.length]
  return text
}

const WORDS = Array.from({ length: VOCABULARY }, (_, rank) => word(rank))

/** A mail of about 5 KB with CRLF line ends; with fewer lines a smaller one. */
export function shopMail(index: number, lineCount = 20): Buffer {
  const random = randomFrom(index)
  const lines = Array.from({ length: lineCount }, () => sentence(random))
  const boundary = `=_part_${index}_${Math.floor(random() * 1e9)}`
  return Buffer.from(
    [
      `Received: from app${index % 20}.shop.test (app${index % 20}.shop.test [192.0.2.${index % 250}]) by mx.shop.test with ESMTPS`,
      `\tid 4Xy${index}; Fri, 20 Nov 2026 14:05:00 +0000 (UTC)`,
      'Date: Fri, 20 Nov 2026 15:05:00 +0100',
      'From: =?UTF-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@shop.test>',
      `To: "Customer, ${index}" <customer${index}@example.org>`,
      'Reply-To: support@shop.test',
      `Subject: ${subject(index)}`,
      `Message-ID: <${index}.${boundary}@shop.test>`,
      'MIME-Version: 1.0',
      `Content-Type: multipart/alternative; boundary="${boundary}"`,
      'X-Mailer: Shop 4.2',
      'List-Unsubscribe: <https://shop.test/u/1>, <mailto:u@shop.test>',
      '',
      `--${boundary}`,
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      ...lines,
      `--${boundary}`,
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '<!DOCTYPE html><html><head><style>p{color:#123456;font-family:Arial}</style></head><body>',
      ...lines.map(line => `<p class=3D"line" style=3D"margin:0">${line}</p>`),
      '</body></html>',
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  )
}

/** As the mail of this index has it: a number that no other has, and two words of a thousand. */
function subject(index: number): string {
  return `Order ${index} ${subjectWords(index).join(' ')} confirmed`
}

export function subjectWords(index: number): [string, string] {
  return [WORDS[(index * 7919) % 1000] ?? '', WORDS[(index * 104_729) % 997] ?? '']
}

function sentence(random: () => number): string {
  let text = ''
  while (text.length < 62) text += `${WORDS[Math.floor(VOCABULARY * random() ** 4)]} `
  return `${text}Gr=C3=BC=C3=9Fe.`
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
