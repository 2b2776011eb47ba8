import { useQueries, useQuery } from '@tanstack/react-query'
import { attachmentsQuery, inlinePictureQuery } from '../../calls/campaigns.ts'

/** The mail with the pictures that it carries within itself, which nothing but a mail program can find by their ids. */
export function useInlinePictures(campaignId: number | null, html: string): string {
  const used = new Set(html.match(/cid:[\w.@-]+/gi))
  const list = useQuery({
    ...attachmentsQuery(campaignId ?? 0),
    enabled: campaignId !== null && used.size > 0,
  }).data
  const pictures = (list ?? []).filter(
    ({ content_id, content_type }) =>
      content_id && used.has(`cid:${content_id}`) && content_type.startsWith('image/'),
  )
  const addresses = useQueries({
    queries: pictures.map(picture => inlinePictureQuery(campaignId ?? 0, picture)),
    combine: results => results.map(({ data }) => data),
  })
  return pictures.reduce((shown, { content_id }, index) => {
    const address = addresses[index]
    return address ? shown.replaceAll(new RegExp(`cid:${content_id}(?![\\w.@-])`, 'g'), () => address) : shown
  }, html)
}
