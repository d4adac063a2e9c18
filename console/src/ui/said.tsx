import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { Icon } from './icons'

const Saying = createContext<(text: string) => void>(() => {})

/** Says that something worked, in a place of its own that is read out. What is said next takes its place. */
export function useSay() {
  return useContext(Saying)
}

export function SaidFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const say = useCallback((next: string) => setText(next), [])
  return (
    <Saying.Provider value={say}>
      {children}
      <div className="said" role="status">
        {text ? (
          <p>
            <Icon name="check" />
            {text}
            <Button look="quiet" aria-label={t('common.close')} onPress={() => setText('')}>
              <Icon name="close" />
            </Button>
          </p>
        ) : null}
      </div>
    </Saying.Provider>
  )
}
