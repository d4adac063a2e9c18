/** An organisation without SSO, for passwords: what a test changes there, no other test sees. */
export const password = 'a password of four words';

export function plainOrganization(code, people = ['owner', 'ann', 'ben']) {
  const members = people.map((name) => `      - {account: ${name}@${code}.example, name: ${name[0].toUpperCase()}${name.slice(1)}, password: "${password}", email: ${name}@${code}.example, role: ${name === 'owner' ? 'owner' : 'member'}, third_account: ${name}}`);
  return `version: 1
organizations:
  - code: ${code}
    name: ${code[0].toUpperCase()}${code.slice(1)}
    domain: ${code}.example
    members:
${members.join('\n')}
`;
}
