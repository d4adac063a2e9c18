export { SignIns as Component } from './events'
