import { $api } from '../../api/client'
import { useOrg } from '../../app/organization'

export interface Options {
  about: 'members' | 'contacts'
  file_name: string
  dry_run: boolean
  all_or_nothing?: boolean
  make_departments?: boolean
  encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'
}

/** Hands a file to the server, which makes a task of it. */
export function useUpload() {
  const { org } = useOrg()
  const add = $api.useMutation('post', '/api/v1/organizations/{org}/imports')
  return (file: Blob, query: Options) =>
    add.mutateAsync({
      params: { path: { org }, query },
      headers: { 'Content-Type': 'application/octet-stream' },
      // The description calls the bytes of a file a string.
      body: file as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
    })
}
