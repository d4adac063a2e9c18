// The management centre as an administrator of people uses it: departments and groups.
import { expect, expectAccessible, find, signIn, test } from '../lib/test.js';

test.setTimeout(120_000);

/** Enters the management centre as Acme's owner and opens one of its pages. */
async function open(page, orgate, path) {
  await signIn(page, 'owner@acme.example', orgate.password);
  await expect(page.locator('h1')).toHaveText('Olivia Owner');
  await page.goto(`/console/acme/${path}`);
}

/** What the page says that it did. */
const said = (page) => page.locator('.said[role=status]');
const panel = (page) => page.locator('section.panel');

test('departments are made, moved by keyboard, edited and removed', async ({ page, orgate }) => {
  await open(page, orgate, 'departments');
  const tree = page.getByRole('treegrid', { name: 'Departments' });
  await expect(tree.getByRole('row')).not.toHaveCount(0);
  await expectAccessible(page);

  // A name that a sibling has stands at the field.
  await page.getByRole('link', { name: 'Add department' }).click();
  const name = panel(page).getByLabel('Name');
  await name.fill('Research');
  await panel(page).getByLabel('Code', { exact: true }).fill('pilots');
  await panel(page).getByRole('button', { name: 'Add department' }).click();
  await expect(panel(page).getByRole('alert').or(panel(page).locator('.error'))).not.toHaveCount(0);
  await name.fill('Pilots');
  await panel(page).getByRole('button', { name: 'Add department' }).click();
  await expect(said(page)).toContainText('Pilots was added');

  // Without a mouse: the right arrow leads to the grip, Enter takes it up, arrows go through the places, Enter puts it down.
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  const press = async (key, until) => {
    for (let i = 0; i < 8 && (await focused()) !== until; i++) await page.keyboard.press(key);
    expect(await focused()).toBe(until);
  };
  await tree.getByRole('row', { name: 'Acme' }).focus();
  await press('ArrowDown', 'Pilots');
  await press('ArrowRight', 'Drag Pilots');
  await page.keyboard.press('Enter');
  await expect.poll(focused).toContain('Drop on');
  await press('ArrowDown', 'Drop on Sales');
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('0 people');
  await question.getByRole('button', { name: 'Move' }).click();
  await expect(said(page)).toContainText('Pilots stands below Sales');

  // The same by its button, and whom its people see.
  await tree.getByRole('row', { name: 'Pilots' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Pilots' })).toBeVisible();
  await panel(page).getByRole('button', { name: 'Move', exact: true }).click();
  await question.getByLabel('Department above').first().fill('Off');
  await page.getByRole('option', { name: 'Office' }).click();
  await question.getByRole('button', { name: 'Move' }).click();
  await expect(said(page)).toContainText('Pilots stands below Office now');
  await panel(page).getByRole('tab', { name: 'Edit' }).click();
  await panel(page).getByRole('button', { name: /Whom its people see/ }).click();
  await page.getByRole('option', { name: 'Their own department', exact: true }).click();
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('Pilots was saved');
  await expect(tree).toContainText('Sees own department');

  await panel(page).getByRole('tab', { name: 'Overview' }).click();
  await panel(page).getByRole('button', { name: 'Remove' }).click();
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(said(page)).toContainText('Pilots was removed');
  await expect(tree).not.toContainText('Pilots');
});

test('groups are made, filled, given owners and removed', async ({ page, orgate }) => {
  await open(page, orgate, 'groups/new');
  await panel(page).getByLabel('Name').fill('Night shift');
  await panel(page).getByRole('button', { name: 'Add group' }).click();
  await expect(said(page)).toContainText('Night shift was added');
  for (const [tab, label, person] of [
    ['Members', 'Add a member', 'Alice Archer'],
    ['Owners', 'Add an owner', 'Adam Admin'],
  ]) {
    await panel(page).getByRole('tab', { name: tab }).click();
    await find(panel(page).getByLabel(label).first(), person.slice(0, 3), person);
    await expect(panel(page).getByRole('listitem')).toContainText(person);
  }
  // What was read out is forgotten with the page: it is not part of it.
  await page.reload();
  await expectAccessible(page);
  await panel(page).getByRole('tab', { name: 'Members' }).click();
  await panel(page).getByRole('button', { name: 'Take out' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take out' }).click();
  await expect(panel(page)).toContainText('Nobody is in this group');
  await panel(page).getByRole('tab', { name: 'Overview' }).click();
  await panel(page).getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(said(page)).toContainText('Night shift was removed');
});

test.describe('zh-CN', () => {
  test.use({ locale: 'zh-CN' });
  test('pages of people in Chinese', async ({ page, orgate }) => {
    await page.goto('/login');
    await page.locator('#account').fill('owner@acme.example');
    await page.locator('#password').fill(orgate.password);
    await page.locator('#password').press('Enter');
    await expect(page.locator('h1')).toHaveText('Olivia Owner');
    for (const [path, title] of [
      ['departments/new', '部门'],
      ['groups/new', '用户组'],
    ]) {
      await page.goto(`/console/acme/${path}`);
      await expect(page.locator('h1')).toHaveText(title);
      await expect(panel(page)).toBeVisible();
      await expectAccessible(page);
    }
  });
});
