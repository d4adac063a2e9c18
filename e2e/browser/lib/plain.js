/** An organisation without SSO, for passwords: what a test changes there, no other test sees. */
export const password = 'a password of four words';

const titled = (word) => word[0].toUpperCase() + word.slice(1);

export function plainOrganization(code, people = ['owner', 'ann', 'ben']) {
  const members = people.map((name) => `      - {account: ${name}@${code}.example, name: ${titled(name)}, password: "${password}", email: ${name}@${code}.example, role: ${name === 'owner' ? 'owner' : 'member'}, third_account: ${name}}`);
  return `version: 1
organizations:
  - code: ${code}
    name: ${titled(code)}
    domain: ${code}.example
    members:
${members.join('\n')}
`;
}

/** Somebody who has to choose a password of their own at the first sign-in. */
export function newcomer(code, name) {
  return `version: 1
organizations:
  - code: ${code}
    name: ${titled(code)}
    members:
      - {account: ${name}@${code}.example, name: ${titled(name)}, password: "${password}", must_change_password: true}
`;
}
