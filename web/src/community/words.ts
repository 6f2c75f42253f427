import type { Rule } from '../api/screens';
import type { Text } from '../text/community';
import type { Deed, MeterToRegister } from './deeds';
import { measureOf } from './rules';

export interface Fact {
  name: string;
  value: string;
}

/** What a deed does, for the reader to decide on: a title, a sentence or two, and its figures. */
export interface Words {
  title: string;
  words: string;
  facts: Fact[];
}

/** How instants and microgrids are named to this reader. */
export interface Names {
  date: (at: Date) => string;
  microgrid: (id: number) => string;
}

export function wordsOf(deed: Deed, text: Text, names: Names): Words {
  const { deeds } = text;
  const f = deeds.facts;
  const said = (of: { title: string; words: string }, ...facts: (Fact | null)[]): Words => ({
    title: of.title,
    words: of.words,
    facts: facts.filter((fact) => fact !== null),
  });
  const fact = (name: string, value: string | null): Fact => ({ name, value: value ?? text.none });
  const place = (id: number) => fact(f.microgrid, id === 0 ? text.all : names.microgrid(id));
  const role = (name: string) => fact(f.role, `${text.roles[name]} (${text.roleHelp[name]})`);
  switch (deed.does) {
    case 'admit':
      return said(
        deeds.admit,
        fact(f.account, deed.account),
        role(deed.role),
        deed.premises === null ? null : fact(f.premises, deed.premises),
      );
    case 'changeRole':
      return said(deeds.changeRole, fact(f.account, deed.account), role(deed.role));
    case 'remove':
      return said(deeds.remove, fact(f.account, deed.account));
    case 'registerPremises':
      return said(deeds.registerPremises, fact(f.premises, deed.premises), fact(f.account, deed.account));
    case 'releasePremises':
      return said(deeds.releasePremises, fact(f.premises, deed.premises));
    case 'registerMeters':
      return said(deeds.registerMeters, ...meterFacts(deed.meters, text, place));
    case 'retireMeter':
      return said(deeds.retireMeter, fact(f.meter, deed.key));
    case 'moveMeter':
      return said(
        deeds.moveMeter,
        fact(f.meter, deed.key),
        place(deed.microgrid),
        fact(f.premises, deed.premises),
        fact(f.participant, deed.participant),
      );
    case 'proposeRule':
      return said(
        deeds.proposeRule,
        fact(f.rule, text.ruleNames[deed.rule] ?? deed.rule),
        fact(f.value, ruleValue(deed.rule, deed.value, text)),
        place(deed.microgrid),
      );
    case 'proposeEntry':
      return said(deeds.proposeEntry, fact(f.entry, deed.entry), fact(f.contract, deed.holder));
    case 'vote':
      return said(
        deed.support ? deeds.vote : { title: deeds.vote.title, words: deeds.vote.back },
        fact(f.proposal, deed.id),
      );
    case 'execute':
      return said(deeds.execute, fact(f.proposal, deed.id));
    case 'appoint': {
      const ends = deed.until === 0n;
      return said(
        ends ? { title: deeds.appoint.title, words: deeds.appoint.end } : deeds.appoint,
        fact(f.office, text.offices[deed.office] ?? deed.office),
        fact(f.account, deed.account),
        place(deed.microgrid),
        ends ? null : fact(f.until, names.date(new Date(Number(deed.until) * 1000))),
      );
    }
    case 'scheduleRegulator': {
      const { title, leave, words } = deeds.scheduleRegulator;
      return said({ title: deed.inOffice ? title : leave, words }, fact(f.account, deed.account));
    }
    case 'cancelRegulator':
    case 'applyRegulator':
    case 'transferOwnership':
      return said(deeds[deed.does], fact(f.account, deed.account));
    case 'acceptOwnership':
      return said(deeds.acceptOwnership);
  }
}

/** A rule's value with its unit, thousands apart; a price too small to be read in coin is given in wei. */
export function ruleValue(rule: string, value: bigint | string, text: Text): string {
  const measure = measureOf(rule);
  const exact = BigInt(value);
  if (measure.unit === 'coinPerKilowattHour' && exact !== 0n && exact < smallestCoins) return `${exact} ${text.wei}`;
  const [whole, fraction] = measure.write(exact).split('.');
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return `${grouped}${fraction === undefined ? '' : `.${fraction}`} ${text.units[measure.unit]}`.trim();
}

/** Between which values a rule may be; nothing where the contract sets no bounds. */
export function ruleBounds({ id, min, max }: Rule, text: Text): string {
  return min === null || max === null ? '' : text.council.between(ruleValue(id, min, text), ruleValue(id, max, text));
}

/** A millionth of a coin. */
const smallestCoins = 10n ** 12n;

function meterFacts(meters: readonly MeterToRegister[], text: Text, place: (id: number) => Fact): Fact[] {
  const f = text.deeds.facts;
  const [first] = meters;
  if (first === undefined) return [];
  if (meters.length > 1) {
    // The window names each fact once.
    const all = (values: string[]) => [...new Set(values)].join(', ');
    return [
      { name: f.meters, value: String(meters.length) },
      { name: f.microgrid, value: all(meters.map(({ microgrid }) => place(microgrid).value)) },
      { name: f.firmware, value: all(meters.map(({ firmware }) => firmware)) },
    ];
  }
  return [
    { name: f.meter, value: first.key },
    { name: f.kind, value: text.kinds[first.kind] ?? first.kind },
    place(first.microgrid),
    { name: f.participant, value: first.participant ?? text.none },
    { name: f.premises, value: first.premises ?? text.none },
    { name: f.firmware, value: first.firmware },
  ];
}
