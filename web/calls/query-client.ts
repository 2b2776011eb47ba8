import { QueryClient } from '@tanstack/react-query'
import { CallError } from './http.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // What changes is told by the live feed, and everything shown is asked again when that reopens.
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      // Calls to a server on this machine must not wait for a network that says it is offline.
      networkMode: 'always',
      retry: (count, error) =>
        count < 2 && error instanceof CallError && (error.status === 0 || error.status === 503),
      retryDelay: attempt => 400 * 2 ** attempt,
    },
    mutations: { networkMode: 'always' },
  },
})
