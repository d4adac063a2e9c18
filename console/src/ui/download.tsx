import { ActionButton } from './action'
import { nameOf } from './filename'

/** A file that a call answers. */
interface Answered {
  data?: unknown
  response: Response
}

/** Reads a file by the management API and has the browser keep it. */
export function DownloadButton({ label, name, read }: { label: string; name: string; read: () => Promise<Answered> }) {
  const keep = async () => {
    const { data, response } = await read()
    const address = URL.createObjectURL(data as Blob)
    const link = document.createElement('a')
    link.href = address
    link.download = nameOf(response.headers.get('Content-Disposition'), name)
    link.click()
    // The browser reads it after the click; later it is let go.
    setTimeout(() => URL.revokeObjectURL(address), 60_000)
  }
  return <ActionButton label={label} act={keep} />
}
