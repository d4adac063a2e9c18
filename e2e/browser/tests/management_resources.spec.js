// The group "Resources" of the management centre: what the provider grants, and the terminals, activation codes and meeting
// rooms that an organisation makes of it.
import { expect, expectAccessible, find, signIn, signInBySSO, test } from '../lib/test.js';

test.setTimeout(120_000);
test.use({ actionTimeout: 15_000 });

/** Enters the management centre as Acme's owner and opens one of its pages. */
async function open(page, orgate, path) {
  await signIn(page, 'owner@acme.example', orgate.password);
  await expect(page.locator('h1')).toHaveText('Olivia Owner');
  await page.goto(`/console/acme/${path}`);
}

/** What the page says that it did. */
const said = (page) => page.locator('.said[role=status]');
const panel = (page) => page.locator('section.panel');
const question = (page) => page.getByRole('alertdialog');
const row = (page, name) => page.getByRole('row', { name });

/** Opens the panel of a row, and waits until it is that row's: until then it may be the panel of another. */
async function view(page, name) {
  await row(page, name).click();
  await expect(panel(page).getByRole('heading', { level: 2, name }).first()).toBeVisible();
}

/** The box before a row; the first is that of all. */
const tick = (inside) => inside.locator('.tick .box');

async function choose(page, inside, label, option) {
  await inside.getByRole('button', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** Has the provider grant what a test needs, unless an earlier one had it done. */
async function granted(orgate, kind, count) {
  if ((await orgate.manage('GET', `/organizations/acme/resources?kind=${kind}`)).items.length > 0) return;
  await orgate.manage('POST', '/organizations/acme/resources', { kind, count, ends_at: '2045-01-01T00:00:00Z' });
}

/** Takes a member or a terminal in a field that finds. */
async function take(inside, label, option) {
  await find(inside.getByRole('combobox', { name: label }), option.slice(0, 4), option);
}

test('the provider grants resources, and an administrator sees what is left', async ({ page, orgate }) => {
  await signIn(page, 'root@sp.example', orgate.password);
  await page.waitForURL((url) => url.pathname !== '/login');
  await page.goto('/console/acme/resources');
  await expect(page.getByRole('tabpanel')).toContainText('Nothing was granted');
  await page.getByRole('link', { name: 'Grant a resource' }).first().click();
  await choose(page, panel(page), 'Kind', 'Meeting rooms');
  await choose(page, panel(page), 'Size', '50 participants');
  await panel(page).getByLabel('How many').fill('100000');
  await panel(page).getByLabel('Ends').fill('2045-01-01T00:00');
  await panel(page).getByRole('button', { name: 'Grant a resource' }).click();
  await expect(panel(page).locator('.error, [role=alert]').first()).toBeVisible();
  await panel(page).getByLabel('How many').fill('3');
  await panel(page).getByRole('button', { name: 'Grant a resource' }).click();
  await expect(said(page)).toContainText('3 granted: Meeting rooms for 50 participants');
  await granted(orgate, 'idea_hubs', 2);
  await granted(orgate, 'live_streams', 5);

  // More than was granted is made of it by a change, and taken back again.
  await page.reload();
  await view(page, 'Live streams');
  await panel(page).getByLabel('How many').fill('7');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('Live streams was saved');
  await expect(row(page, 'Live streams')).toContainText('7');
  await panel(page).getByRole('button', { name: 'Disable' }).click();
  await question(page).getByRole('button', { name: 'Disable' }).click();
  await expect(row(page, 'Live streams')).toContainText('Disabled');
  await panel(page).getByRole('button', { name: 'Take back' }).click();
  await expect(question(page)).toContainText('Take back 7');
  await question(page).getByRole('button', { name: 'Take back' }).click();
  await expect(said(page)).toContainText('Live streams: taken back');
  await expect(row(page, 'Live streams')).toHaveCount(0);

  await page.context().clearCookies();
  await open(page, orgate, 'resources');
  await expect(page.getByRole('meter', { name: 'Meeting rooms' })).toHaveAttribute('aria-valuetext', '0 of 3 used');
  await expect(page.getByRole('link', { name: 'Grant a resource' })).toHaveCount(0);
  await page.getByRole('tab', { name: 'What was granted' }).click();
  await view(page, 'IdeaHubs');
  await expect(panel(page)).toContainText('Ends');
  await expect(panel(page).getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('tab', { name: 'Records' }).click();
  await choose(page, page.getByRole('tabpanel'), 'What was done', 'Taken back');
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await expect(row(page, 'Live streams')).toContainText('Root');
});

test('terminals are added, activated anew, disabled and removed', async ({ page, orgate }) => {
  await granted(orgate, 'terminals_1080p', 2);
  await open(page, orgate, 'terminals');
  await expect(page.locator('.state')).toContainText('Here stand the room systems');
  await page.getByRole('link', { name: 'Add terminal' }).first().click();
  await panel(page).getByLabel('Name').fill('Board room');
  await choose(page, panel(page), 'Model', 'TE20');
  await expect(panel(page)).toContainText('activated by a code');
  await panel(page).getByLabel('Serial number').fill('no blanks here');
  await panel(page).getByRole('button', { name: 'Add terminal', exact: true }).click();
  await expect(panel(page).locator('.error')).not.toHaveCount(0);
  await panel(page).getByLabel('Serial number').fill('SN_1');
  await panel(page).getByLabel('Mail address').fill('rooms@acme.example');
  await panel(page).getByRole('button', { name: 'Add, then another' }).click();
  const code = panel(page).locator('.secret-box code').last();
  await expect(code).toHaveText(/^[A-Z0-9]{12}$/i);
  const first = await code.textContent();
  await panel(page).getByRole('button', { name: 'I have stored it' }).click();

  // Another with the same number, until it has one of its own.
  await panel(page).getByLabel('Name').fill('Lobby');
  await panel(page).getByLabel('Serial number').fill('SN_1');
  await panel(page).getByLabel('Mobile number').fill('+8613800000009');
  await panel(page).getByRole('button', { name: 'Add terminal', exact: true }).click();
  await expect(panel(page)).toContainText('serial number exists already');
  await panel(page).getByLabel('Serial number').fill('SN_2');
  await panel(page).getByRole('button', { name: 'Add terminal', exact: true }).click();
  await panel(page).getByRole('button', { name: 'I have stored it' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Lobby' })).toBeVisible();
  await expect(panel(page)).toContainText('SN_2');
  await expectAccessible(page);

  await view(page, 'Board room');
  await panel(page).getByRole('tab', { name: 'Activation code' }).click();
  await panel(page).getByRole('button', { name: 'Reset activation code' }).click();
  const second = panel(page).locator('.secret-box code');
  await expect(second).toHaveText(/^[A-Z0-9]{12}$/i);
  expect(await second.textContent()).not.toBe(first);
  await orgate.logged(new RegExp(`Activation code: ${await second.textContent()}`));
  await panel(page).getByRole('button', { name: 'I have stored it' }).click();
  await panel(page).getByRole('tab', { name: 'Edit' }).click();
  await panel(page).getByLabel('Name').fill('Great hall');
  await choose(page, panel(page), 'Department', 'Research');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('Great hall was saved');
  await expect(row(page, 'Great hall')).toContainText('Research');

  // Both at once, and the address of the list keeps the filter.
  await page.goto('/console/acme/terminals');
  await tick(page).first().click();
  const many = page.getByRole('toolbar');
  await many.getByRole('button', { name: 'Disable' }).click();
  await question(page).getByRole('button', { name: 'Disable' }).click();
  await expect(said(page)).toContainText('2 terminals are disabled');
  await page.goto('/console/acme/terminals?status=disabled&model=TE20&sort=name');
  await expect(page.getByRole('rowheader')).toHaveText(['Great hall', 'Lobby']);
  await view(page, 'Lobby');
  await panel(page).getByRole('button', { name: 'Enable' }).click();
  await question(page).getByRole('button', { name: 'Enable' }).click();
  await expect(said(page)).toContainText('Lobby is enabled');
  await expect(row(page, 'Lobby')).toHaveCount(0);
  await page.goto('/console/acme/terminals');
  await tick(row(page, 'Great hall')).click();
  await many.getByRole('button', { name: 'Remove' }).click();
  await expect(question(page)).toContainText('Great hall');
  await question(page).getByRole('button', { name: 'Remove' }).click();
  await expect(said(page)).toContainText('1 terminal was removed');
  await expect(page.getByRole('rowheader')).toHaveText(['Lobby']);
});

test('activation codes are made for several devices, as far as was granted', async ({ page, orgate }) => {
  await granted(orgate, 'idea_hubs', 2);
  await open(page, orgate, 'activation-codes/new');
  await choose(page, panel(page), 'Kind of device', 'IdeaHub');
  await panel(page).getByLabel('Names of the devices').fill('Hub north\nHub south\nHub west');
  await panel(page).getByRole('button', { name: 'Make codes' }).click();
  await expect(panel(page)).toContainText('2 codes were made');
  await expect(panel(page)).toContainText('What is granted to this organisation is 2 IdeaHubs');
  await expect(panel(page).getByLabel('Names of the devices')).toHaveValue('Hub west');
  // Smart screens were never granted: they are not limited.
  await choose(page, panel(page), 'Kind of device', 'Smart screen');
  await panel(page).getByRole('button', { name: 'Make codes' }).click();
  await expect(panel(page)).toContainText('3 codes were made');
  await expectAccessible(page);
  await panel(page).getByRole('button', { name: 'Done' }).click();

  await view(page, 'Hub west');
  const code = panel(page).locator('.facts code').first();
  const before = await code.textContent();
  await panel(page).getByRole('button', { name: 'Reset code' }).click();
  await expect(question(page)).toContainText('cut off at once');
  await question(page).getByLabel('Mail address').fill('nobody');
  await question(page).getByRole('button', { name: 'Reset code' }).click();
  await expect(question(page).getByRole('alert')).toBeVisible();
  await question(page).getByLabel('Mail address').fill('');
  await question(page).getByRole('button', { name: 'Reset code' }).click();
  await expect(said(page)).toContainText('Hub west has another code');
  await expect(code).not.toHaveText(before);
  await page.getByRole('searchbox').fill(await code.textContent());
  await expect(page.getByRole('rowheader')).toHaveText(['Hub west']);
  await panel(page).getByRole('button', { name: 'Remove' }).click();
  await question(page).getByRole('button', { name: 'Remove' }).click();
  await expect(said(page)).toContainText('Hub west was removed');
  await page.goto('/console/acme/activation-codes?device=idea_hub');
  await tick(page).first().click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click();
  await question(page).getByRole('button', { name: 'Remove' }).click();
  await expect(said(page)).toContainText('2 devices were removed');
  await expect(page.locator('.state')).toContainText('No activation code fits');
});

test('meeting rooms are lent, taken back and removed', async ({ page, orgate }) => {
  await granted(orgate, 'meeting_rooms', 3);
  const kiosk = { name: 'Kiosk', model: 'HUAWEI Board', serial: 'KIOSK_1', email: 'rooms@acme.example' };
  await orgate.manage('POST', '/organizations/acme/terminals', kiosk);
  await open(page, orgate, 'rooms');
  await expect(page.getByRole('rowheader')).toHaveCount(3);
  await page.getByRole('rowheader').first().click();
  await panel(page).getByRole('button', { name: 'Lend' }).click();
  await expect(question(page).getByRole('button', { name: 'Lend' })).toBeDisabled();
  await take(question(page), 'Member', 'Alice Archer');
  await question(page).getByRole('button', { name: 'Lend' }).click();
  await expect(said(page)).toContainText('1 meeting room is lent');
  await expect(panel(page)).toContainText('Alice Archer');
  await expectAccessible(page);

  await panel(page).getByRole('link', { name: 'Show the member' }).click();
  await panel(page).getByRole('link', { name: '1 room' }).click();
  await expect(page.locator('.chip')).toContainText('Lent to Alice Archer');

  // The others to the terminal, at once.
  await page.goto('/console/acme/rooms?status=unassigned');
  await expect(page.getByRole('rowheader')).toHaveCount(2);
  await tick(page).first().click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Lend' }).click();
  await choose(page, question(page), 'To a member or a terminal', 'Terminal');
  await take(question(page), 'Terminal', 'Kiosk');
  await question(page).getByRole('button', { name: 'Lend' }).click();
  await expect(said(page)).toContainText('2 meeting rooms are lent');
  await page.goto('/console/acme/resources');
  await expect(page.getByRole('meter', { name: 'Meeting rooms' })).toHaveAttribute('aria-valuetext', '3 of 3 used');
  await expect(row(page, 'participants')).toContainText('3');

  // From the terminal to its rooms, and back they come.
  await page.goto('/console/acme/terminals');
  await view(page, 'Kiosk');
  await panel(page).getByRole('link', { name: 'Show the rooms' }).click();
  await expect(page.getByRole('rowheader')).toHaveCount(2);
  await expect(page.locator('.chip')).toContainText('Terminal Kiosk');
  await tick(page).first().click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Take back' }).click();
  await question(page).getByRole('button', { name: 'Take back' }).click();
  await expect(said(page)).toContainText('2 meeting rooms were taken back');
  await page.goto('/console/acme/rooms?q=alice');
  await page.getByRole('rowheader').click();
  await panel(page).getByRole('button', { name: 'Take back' }).click();
  await expect(question(page)).toContainText('from Alice Archer');
  await question(page).getByRole('button', { name: 'Take back' }).click();
  await expect(said(page)).toContainText('taken back from Alice Archer');
  await panel(page).getByRole('button', { name: 'Remove' }).click();
  await question(page).getByRole('button', { name: 'Remove' }).click();
  await expect(said(page)).toContainText('was removed');
  await page.goto('/console/acme/rooms');
  await expect(page.getByRole('rowheader')).toHaveCount(2);
});

test('more members are asked for, and the answer stands beside the wish', async ({ page, orgate }) => {
  await orgate.manage('PATCH', '/organizations/acme', { limits: { members: 200 } });
  await open(page, orgate, 'resources');
  await expect(page.getByRole('meter', { name: 'Members' })).toHaveAttribute('aria-valuetext', /^\d+ of 200 used$/);
  await page.getByRole('tab', { name: 'Wishes for more' }).click();
  await page.getByLabel('What it is for').fill('Another site');
  await page.getByRole('button', { name: 'Ask for 100 more' }).click();
  await expect(said(page)).toContainText('Your wish was sent');
  const [wish] = (await orgate.manage('GET', '/provider/quota-requests?state=pending')).items;
  await orgate.manage('POST', `/provider/quota-requests/${wish.id}/approve`, { answer: 'Well done' });
  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: 'Another site' })).toContainText('Well done');
});

test('somebody sets the passwords of the room lent to them, and keeps contacts of their own', async ({ page, orgate }) => {
  await granted(orgate, 'meeting_rooms', 3);
  const [room] = (await orgate.manage('GET', '/organizations/acme/rooms?status=unassigned')).items;
  const [alice] = (await orgate.manage('GET', '/organizations/acme/members?q=alice')).items;
  await orgate.manage('POST', '/organizations/acme/rooms/lend', { rooms: [room.id], member: alice.id });
  await signInBySSO(page, orgate, { account: 'alice' });
  await expect(page.locator('h1')).toHaveText('Alice Archer');
  await page.getByRole('link', { name: 'Meeting rooms' }).click();
  await expect(page.getByRole('rowheader')).toHaveCount(2);
  await expect(page.getByRole('grid')).toContainText('Personal');
  await view(page, room.number);
  await panel(page).getByLabel('Name').fill('Tuesday round');
  await panel(page).getByLabel('Password of guests').fill('12');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(panel(page).locator('.error')).not.toHaveCount(0);
  await panel(page).getByLabel('Password of guests').fill('246810');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(said(page)).toContainText('Tuesday round was saved');
  await expect(panel(page).locator('.facts')).toContainText('246810');
  await expectAccessible(page);

  await page.goto('/my/contacts');
  await page.getByRole('link', { name: 'Add contact' }).first().click();
  await panel(page).getByLabel('Name').fill('Vera Visitor');
  await panel(page).getByLabel('Mail address').fill('vera@visitors.example');
  await panel(page).getByRole('button', { name: 'Add contact' }).click();
  await expect(said(page)).toContainText('Vera Visitor was added');
  await view(page, 'Vera Visitor');
  await panel(page).getByLabel('Company').fill('Visitors');
  await panel(page).getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Vera Visitor')).toContainText('Visitors');
  await expectAccessible(page);
  await panel(page).getByRole('button', { name: 'Remove' }).click();
  await question(page).getByRole('button', { name: 'Remove' }).click();
  await expect(page.locator('.state')).toContainText('you alone need');
});

test.describe('zh-CN', () => {
  test.use({ locale: 'zh-CN' });
  test('pages of resources in Chinese', async ({ page, orgate }) => {
    await granted(orgate, 'meeting_rooms', 3);
    await page.goto('/login');
    await page.locator('#account').fill('owner@acme.example');
    await page.locator('#password').fill(orgate.password);
    await page.locator('#password').press('Enter');
    await expect(page.locator('h1')).toHaveText('Olivia Owner');
    for (const [path, title] of [['terminals/new', '终端'], ['activation-codes/new', '激活码'], ['rooms', '云会议室'], ['resources', '资源用量']]) {
      await page.goto(`/console/acme/${path}`);
      await expect(page.locator('h1')).toHaveText(title);
    }
    await expect(page.getByRole('meter', { name: '云会议室' })).toBeVisible();
    await expectAccessible(page);
  });
});
