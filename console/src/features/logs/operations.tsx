export { Operations as Component } from './events'
