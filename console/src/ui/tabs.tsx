import type { ReactNode } from 'react'
import { TabList, TabPanel, Tabs, Tab as TabTitle } from 'react-aria-components'
import { useNavigate } from 'react-router'

export interface Tab {
  id: string
  title: string
  view: () => ReactNode
}

/** Parts of one thing, each with an address of its own. */
export function TabsAt({ label, tabs, part, to }: { label: string; tabs: readonly Tab[]; part: string; to: (id: string) => string }) {
  const navigate = useNavigate()
  return (
    <Tabs selectedKey={part} onSelectionChange={(id) => void navigate(to(String(id)), { replace: true })}>
      <TabList className="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <TabTitle key={tab.id} id={tab.id}>
            {tab.title}
          </TabTitle>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id}>
          {tab.id === part ? tab.view() : null}
        </TabPanel>
      ))}
    </Tabs>
  )
}
