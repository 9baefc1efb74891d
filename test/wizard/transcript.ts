import { runInit } from './run-init.ts';

/** What a person sees who sets up a first portal, on the simulator. */
export async function transcript(): Promise<string> {
  const { code, screen } = await runInit(
    '--sandbox',
    [
      ['set up', 'portal'],
      ['Id of the portal', ''],
      ['Name below', ''],
      ['DNS record', ''],
      ['URL', 'https://docs-mcp.example.com/mcp'],
      ['Id of the server', ''],
      ['sign in', 'bearer'],
      ['secret', ''],
      ['Another', false],
      ['Who may', ['email']],
      ['E-mail', 'you@example.com'],
      ['programs', true],
      ['Name of the service token', ''],
      ['Where does its secret go', ''],
      ['Write', true],
      ['Apply', true],
    ],
    { env: { DOCS_TOKEN: 'only-for-the-simulator' } },
  );
  if (code !== 0) throw new Error(`the wizard ended with ${code}:\n${screen}`);
  return `$ mcp-portal init --sandbox\n${screen.trimEnd()}`;
}
