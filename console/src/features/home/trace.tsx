import { useState } from 'react'
import { Form } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button'
import { TextInput } from '../../ui/fields'

/** From the code that somebody was shown to the story of their refusal. */
export function FindTrace() {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  return (
    <section className="card">
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (code.trim()) location.assign(`/console/traces/${encodeURIComponent(code.trim().toUpperCase())}`)
        }}
      >
        <TextInput name="code" label={t('home.code')} help={t('home.code_help')} value={code} onChange={setCode} example="K7QF93TX" code />
        <div className="actions">
          <Button type="submit">{t('home.find')}</Button>
        </div>
      </Form>
    </section>
  )
}
