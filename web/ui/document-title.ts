import { useEffect } from 'react'

export function useDocumentTitle(...parts: (string | false | undefined)[]): void {
  const title = [...parts.filter(Boolean), 'Posthorn'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
