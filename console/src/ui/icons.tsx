/** The line icons, 20 px, drawn on a grid of 20. They repeat what a text beside them says. */
const paths = {
  home: 'M3 9.5 10 3l7 6.5M5 8v8.5h10V8M8.5 16.5v-5h3v5',
  people:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c.4-3 2.6-4.7 5.5-4.7s5.100 1.700 5.500 4.700M13 3.800a3 3 0 0 1 0 5.400M15 12.200c1.700.700 2.800 2.200 3 4.300',
  apps: 'M3 3h5.500v5.500H3zM11.500 3H17v5.500h-5.500zM3 11.500h5.500V17H3zM11.500 11.500H17V17h-5.500z',
  key: 'M12.800 11.200a4 4 0 1 0-3.900-3.100L3 14v3h3v-2h2v-2h1.500l1.500-1.800a4 4 0 0 0 1.800 0ZM13.500 6.600h.01',
  inbox: 'M3 11.500 5 4h10l2 7.500V16H3zM3 11.500h4.200a2.800 2.800 0 0 0 5.600 0H17',
  door: 'M5 17V3.500h10V17M3 17h14M12 10h.01',
  log: 'M5 3h10v14H5zM8 7h4M8 10h4M8 13h2.500',
  settings:
    'M3 6h7M14 6h3M3 14h3M10 14h7M12 3.800a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400ZM8 11.800a2.200 2.200 0 1 1 0 4.400 2.200 2.200 0 0 1 0-4.400Z',
  box: 'M3.500 6 10 2.800 16.500 6v8L10 17.200 3.500 14zM3.500 6 10 9.300 16.500 6M10 9.300v7.900',
  building: 'M4 17V5l7-2.200V17M11 8h5v9M2.500 17h15M6.500 7.500h2M6.500 10.500h2M6.500 13.500h2M13 11h1M13 14h1',
  mail: 'M3 4.500h14v11H3zM3.500 5l6.500 5.500L16.500 5',
  close: 'm5 5 10 10M15 5 5 15',
  down: 'm5 8 5 5 5-5',
  right: 'm8 5 5 5-5 5',
  check: 'm4 10.500 4 4 8-9',
  cross: 'm6 6 8 8M14 6l-8 8',
  plus: 'M10 4v12M4 10h12',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  search: 'M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM13 13l4 4',
  copy: 'M7 7V3.500h9.500V13H13M3.500 7H13v9.500H3.500z',
  grip: 'M8 5h.01M12 5h.01M8 10h.01M12 10h.01M8 15h.01M12 15h.01',
  columns: 'M3 4h14v12H3zM7.700 4v12M12.300 4v12',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}

/** The mark: a ring open at the bottom, its opening the width of its stroke. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M6.5 15.35A7.5 7.5 0 1 1 9.5 15.35V12.24A4.5 4.5 0 1 0 6.5 12.24Z" />
    </svg>
  )
}
