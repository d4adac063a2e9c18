import { appendFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/**
 * Tells the tests as testreport tells the Go ones: a line for each file that passed, everything about a test that did
 * not. With ORGATE_TEST_TOTALS a line "passed failed skipped" is added to that file. A skipped test fails the run: one
 * that silently does not run proves nothing.
 */
export default class Report {
  #counts = { passed: 0, failed: 0, skipped: 0 };
  #files = new Map();
  #makers = new Map();

  onTestEnd(test, result) {
    const where = `${test.location.file} on ${test.parent.project().name}`;
    const file = this.#files.get(where) ?? { passed: 0, all: 0, ms: 0 };
    this.#files.set(where, file);
    file.all++;
    file.ms += result.duration;
    this.#noteMakers(test, result);
    if (result.status === 'skipped') {
      this.#counts.skipped++;
      console.log(`SKIP  ${name(test)}`);
    } else if (result.status === 'passed') {
      this.#counts.passed++;
      file.passed++;
    } else {
      this.#counts.failed++;
      console.log(`FAIL  ${name(test)}`);
      for (const error of result.errors) console.log(indented(error.stack ?? error.message ?? String(error.value)));
      for (const shown of result.attachments.filter((a) => a.path)) console.log(`      see ${shown.path}`);
    }
  }

  /** Files share an installation as their turns have it: what two of them make has two names, or the one finds the other's. */
  #noteMakers({ location: { file } }, { annotations }) {
    for (const { description: code } of annotations.filter((a) => a.type === 'organization')) {
      const maker = this.#makers.get(code) ?? file;
      this.#makers.set(code, maker);
      if (maker !== file) this.onError({ message: `${maker} and ${file} both make the organisation ${code}: give one of them another name` });
    }
  }

  /** A fault outside any test, such as a file that does not parse. */
  onError(error) {
    this.#counts.failed++;
    console.log(`FAIL  ${indented(error.stack ?? error.message).trim()}`);
  }

  onEnd() {
    for (const [file, { passed, all, ms }] of this.#files) {
      if (passed < all) continue;
      console.log(`ok    ${file.replace(/.*(?=e2e\/browser)/, '')}: ${passed} passed (${(ms / 1000).toFixed(1)}s)`);
    }
    const { passed, failed, skipped } = this.#counts;
    if (process.env.ORGATE_TEST_TOTALS) appendFileSync(process.env.ORGATE_TEST_TOTALS, `${passed} ${failed} ${skipped}\n`);
    if (failed || skipped) return { status: 'failed' };
  }
}

function name(test) {
  return test.titlePath().filter(Boolean).join(' › ');
}

function indented(text) {
  return stripVTControlCharacters(text).replace(/^/gm, '      ');
}
