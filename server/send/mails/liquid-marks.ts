/**
 * Marks in the source of a Liquid mail, at which something of ours is put in once the mail has been rendered. They
 * begin with a word that nobody outside can know (HiddenTags.prefix), so that no subscriber's value passes for one.
 */

/** Before what stands at the end of the body. */
export const endMark = (word: string) => `${word}end`

/** @param isDynamic the address is different for each recipient @param shown the address as it stands in the HTML */
export function markedLink(word: string, link: number, isDynamic: boolean, shown: string): string {
  return `${word}${isDynamic ? 'dyn' : 'lnk'}${link}x${shown}${word}to`
}

interface Fillings {
  link(link: number, isDynamic: boolean, shown: string): string
  end: string
}

export function fillMarks(html: string, word: string, { link, end }: Fillings): string {
  return html
    .replace(new RegExp(`${word}(dyn|lnk)(\\d+)x([^]*?)${word}to`, 'g'), (_, kind, number, shown) =>
      link(Number(number), kind === 'dyn', shown),
    )
    .replace(endMark(word), () => end)
}
