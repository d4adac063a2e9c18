import { useEffect, useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { Section } from './dialog'
import { ProblemNotice } from './parts'

const side = 240
const most = 20 << 10

/** A picture as the server takes icons: a square of 240 pixels, at most 20 KiB. What does not fit is cut and shrunk here. */
async function iconOf(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file)
  if (picture.width === side && picture.height === side && file.size <= most && /^image\/(png|jpeg)$/.test(file.type)) return file
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = side
  const pen = canvas.getContext('2d')
  const edge = Math.min(picture.width, picture.height)
  pen?.drawImage(picture, (picture.width - edge) / 2, (picture.height - edge) / 2, edge, edge, 0, 0, side, side)
  const as = (type: string, quality?: number) => new Promise<Blob | null>((done) => canvas.toBlob(done, type, quality))
  const png = await as('image/png')
  if (png && png.size <= most) return png
  for (const quality of [0.9, 0.7, 0.5, 0.3]) {
    const jpeg = await as('image/jpeg', quality)
    if (jpeg && jpeg.size <= most) return jpeg
  }
  return file
}

/** An address under which the page may draw what it read, as long as it is shown. */
function useDrawn(picture: Blob | undefined) {
  const [address, setAddress] = useState('')
  useEffect(() => {
    if (!picture) {
      setAddress('')
      return
    }
    const made = URL.createObjectURL(picture)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [picture])
  return address
}

interface IconProps {
  picture: Blob | undefined
  set: (picture: Blob) => Promise<unknown>
  remove?: (() => Promise<unknown>) | undefined
}

/** The icon of something: another one, or none. It takes effect at once. */
export function IconInput({ picture, set, remove }: IconProps) {
  const { t } = useTranslation()
  const [error, setError] = useState<unknown>(null)
  const [unread, setUnread] = useState(false)
  const [busy, setBusy] = useState(false)
  const address = useDrawn(picture)
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const choose = async (files: FileList | null) => {
    const file = files?.[0]
    if (!file) return
    const icon = await iconOf(file).catch(() => null)
    setUnread(!icon)
    if (icon) await act(() => set(icon))
  }
  return (
    <Section title={t('icon.title')}>
      <div className="actions">
        {address ? <img className="icon-shown" src={address} alt={t('icon.title')} /> : <span className="muted">{t('icon.none')}</span>}
        <FileTrigger acceptedFileTypes={['image/png', 'image/jpeg']} onSelect={(files) => void choose(files)}>
          <Button busy={busy}>{t('icon.choose')}</Button>
        </FileTrigger>
        {remove ? <Button onPress={() => void act(remove)}>{t('icon.remove')}</Button> : null}
      </div>
      <p className="help">{t('icon.help')}</p>
      {unread ? (
        <p className="error" role="alert">
          {t('icon.unread')}
        </p>
      ) : null}
      <ProblemNotice error={error} />
    </Section>
  )
}
