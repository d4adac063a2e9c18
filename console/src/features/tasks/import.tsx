import { useState } from 'react'
import { DropZone, FileTrigger, Text } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client'
import { useOrg } from '../../app/organization'
import { Button } from '../../ui/button'
import { Section } from '../../ui/dialog'
import { DownloadButton } from '../../ui/download'
import { CheckInput, SelectInput } from '../../ui/fields'
import { FormFrame, useDraft } from '../../ui/form'
import { Panel } from '../../ui/panel'
import { type Options, useUpload } from './upload'

const abouts = ['members', 'contacts'] as const
const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const

/** Brings people or contacts in by a file. It is looked through first, unless somebody wants it at once. */
export function AddImport({ back }: { back: string }) {
  const { t } = useTranslation()
  const { at } = useOrg()
  const navigate = useNavigate()
  const upload = useUpload()
  const [file, setFile] = useState<File | null>(null)
  const draft = useDraft({
    about: 'members' as Options['about'],
    encoding: 'found',
    dry_run: true,
    all_or_nothing: false,
    make_departments: false,
  })
  const { encoding, make_departments, ...rest } = draft.values
  const submit = async () => {
    if (!file) return
    const task = await upload(file, {
      ...rest,
      file_name: file.name,
      ...(encoding === 'found' ? {} : { encoding: encoding as Options['encoding'] }),
      ...(rest.about === 'members' ? { make_departments } : {}),
    })
    void navigate(at(`tasks/${task.id}`))
  }
  return (
    <Panel title={t('tasks.import')} back={back}>
      <FormFrame dirty={file !== null} submit={submit} verb={rest.dry_run ? t('tasks.check') : t('tasks.import')} ready={file !== null}>
        <SelectInput
          {...draft.at('about')}
          onChange={(about) => draft.set('about', about as Options['about'])}
          label={t('tasks.about')}
          choices={abouts.map((id) => ({ id, label: t(`tasks.about.${id}`) }))}
        />
        <FileField file={file} onFile={setFile} />
        <CheckInput {...draft.at('dry_run')} label={t('tasks.dry_run')} help={t('tasks.dry_run_help')} />
        <CheckInput {...draft.at('all_or_nothing')} label={t('tasks.all_or_nothing')} help={t('tasks.all_or_nothing_help')} />
        {rest.about === 'members' ? <CheckInput {...draft.at('make_departments')} label={t('tasks.make_departments')} /> : null}
        <SelectInput
          {...draft.at('encoding')}
          label={t('tasks.encoding')}
          help={t('tasks.encoding_help')}
          choices={[{ id: 'found', label: t('tasks.encoding_found') }, ...encodings.map((id) => ({ id, label: id.toUpperCase() }))]}
        />
      </FormFrame>
      <Templates about={rest.about} />
    </Panel>
  )
}

/** A file, dropped or chosen. */
function FileField({ file, onFile }: { file: File | null; onFile: (file: File) => void }) {
  const { t, i18n } = useTranslation()
  const size = new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })
  return (
    <DropZone
      className="drop"
      onDrop={(event) => {
        const [first] = event.items
        if (first?.kind === 'file') void first.getFile().then(onFile)
      }}
    >
      <Text slot="label">{file ? `${file.name} · ${size.format(Math.ceil(file.size / 1000))}` : t('tasks.drop')}</Text>
      <FileTrigger acceptedFileTypes={['.csv', '.xlsx']} onSelect={(files) => files?.[0] && onFile(files[0])}>
        <Button>{t('tasks.choose_file')}</Button>
      </FileTrigger>
    </DropZone>
  )
}

/** Empty files with the headings of all columns. */
function Templates({ about }: { about: Options['about'] }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  return (
    <Section title={t('tasks.template')}>
      <p className="help">{t('tasks.template_help')}</p>
      <div className="actions">
        {(['xlsx', 'csv'] as const).map((format) => (
          <DownloadButton
            key={format}
            label={format.toUpperCase()}
            name={`${about}.${format}`}
            read={() =>
              api.GET('/api/v1/organizations/{org}/import-template', {
                params: { path: { org }, query: { about, format } },
                parseAs: 'blob',
              })
            }
          />
        ))}
      </div>
    </Section>
  )
}
