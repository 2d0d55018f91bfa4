// The mistakes that cost other programs their users' sessions, each as a small change of the code. `swaps`: what stands in a file,
// and what it becomes. `by`: the files of tests that each must notice.

const model = 'lib/operations/model.property.test.ts';
const renew = 'lib/operations/renew.ts';
const reduce = 'lib/core/reduce.ts';
const stores = 'lib/vault/stores.ts';
const vault = 'lib/vault/vault.ts';
const fence = {
  file: renew,
  text: 'if (current?.generation !== opened.generation || (current.lease?.at !== lease && !granted.ok)) {',
  becomes: 'if (current === undefined || (current.lease?.at !== lease && !granted.ok)) {',
};
const monotonic = {
  file: reduce,
  text: 'return head !== undefined && head.generation >= event.head.generation ? head : event.head;',
  becomes: 'return event.head;',
};

export const mutants = [
  {
    name: 'no lock: a call that is out stops no other',
    swaps: [
      {
        file: renew,
        text: "if (found.lease && found.lease.until > now) return { events: [], result: failed({ code: 'busy' }) };",
        becomes: '',
      },
    ],
    by: [model, 'lib/operations/wake.test.ts'],
  },
  {
    name: 'no lock: steps of the vault overlap',
    swaps: [
      {
        file: vault,
        text: 'const step = queue.then(async () => {\n      const memory',
        becomes: 'const step = Promise.resolve().then(async () => {\n      const memory',
      },
    ],
    by: [model],
  },
  {
    name: 'no journal: no intent is written',
    swaps: [
      {
        file: vault,
        text: 'written({ ...head, revision: revisions.get(id) ?? 0 })',
        becomes: 'written({ ...head, lease: undefined, revision: revisions.get(id) ?? 0 })',
      },
    ],
    by: [model, 'lib/operations/wake.test.ts'],
  },
  {
    name: 'give-up-by-count: five failures are a death',
    swaps: [
      {
        file: reduce,
        text: "...pick(event, 'retryAt'),\n          code",
        becomes: "...(times < 5 ? pick(event, 'retryAt') : {}),\n          code",
      },
    ],
    by: [model, 'lib/operations/wake.test.ts'],
  },
  {
    name: 'split write: head and seal apart',
    swaps: [
      {
        file: vault,
        text: 'else await writeTwice(disk, answers, items.local, isStrict);',
        becomes: `else {
          const isSeal = ([name]: readonly [string, unknown]) => name.startsWith('sealed:');
          const all = Object.entries(items.local);
          await writeTwice(disk, answers, Object.fromEntries(all.filter((one) => !isSeal(one))), isStrict);
          await writeTwice(disk, answers, Object.fromEntries(all.filter(isSeal)), isStrict);
        }`,
      },
    ],
    by: [model, 'lib/vault/vault.test.ts'],
  },
  {
    name: 'split write: record and index apart',
    swaps: [
      {
        file: vault,
        text: 'else await writeTwice(disk, answers, items.local, isStrict);',
        becomes: `else {
          const { [key.fob]: index, ...rest } = items.local;
          await writeTwice(disk, answers, rest, isStrict);
          await writeTwice(disk, answers, { [key.fob]: index }, isStrict);
        }`,
      },
    ],
    by: [model, 'lib/vault/vault.test.ts', 'lib/vault/stores.test.ts'],
  },
  {
    name: 'any-4xx-dead: what is nobody’s word ends a grant',
    swaps: [
      {
        file: renew,
        text: '    default:\n      // No verdict on the grant',
        becomes:
          "    case 'forbidden':\n    case 'not_offered':\n    case 'unexpected_status':\n      return { ...base, refused: 'refresh', retryAt: now };\n    default:\n      // No verdict on the grant",
      },
    ],
    by: [model, 'lib/operations/verdicts.test.ts'],
  },
  {
    name: 'primary store only: no copy',
    swaps: [
      {
        file: stores,
        text: 'const answers: Answers = { local: true, copy: true };',
        becomes: 'const answers: Answers = { local: true, copy: false };',
      },
    ],
    by: [model, 'lib/vault/stores.test.ts'],
  },
  {
    name: 'one-shot alarm: it does not come again',
    swaps: [
      {
        file: 'lib/platform/alarm.ts',
        text: '{ when: wakeAt, periodInMinutes }',
        becomes: '{ when: wakeAt }',
      },
    ],
    by: ['lib/platform/alarm.test.ts'],
  },
  {
    name: 'raw expires_in: whatever it says is a life',
    swaps: [
      {
        file: 'lib/vendors/token-endpoint.ts',
        text: "typeof seconds === 'number' && seconds >= 1 && seconds <= 31_536_000;",
        becomes: 'seconds !== undefined;',
      },
    ],
    by: [model, 'lib/vendors/token-endpoint.test.ts'],
  },
  {
    name: 'no fence and no monotonic write: a late answer takes a newer grant’s place',
    swaps: [fence, monotonic],
    by: [model, 'lib/core/reduce.test.ts'],
  },
];
