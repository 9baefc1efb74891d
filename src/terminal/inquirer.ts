// Named re-exports, so that the bundle holds these prompts and not the whole library.
export { confirm, input, password } from '@inquirer/prompts';
