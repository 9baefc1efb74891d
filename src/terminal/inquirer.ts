// Named re-exports, so that the bundle holds these prompts and not the whole library.
export { checkbox, confirm, input, password, select } from '@inquirer/prompts';
