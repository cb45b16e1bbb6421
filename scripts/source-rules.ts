export interface Breach {
  path: string;
  line: number;
  rule: string;
  about: string;
}

interface SourceRule {
  name: string;
  pattern: RegExp;
  about: string;
  /** Files that the rule is not about. */
  except?: RegExp;
}

/** Tests name what they forbid, and so does this file. */
const notProduct = /^scripts\/source-rules\.ts$|\.test\.tsx?$|\/testing\/|^apps\/web\/e2e\//;

const lineRules: readonly SourceRule[] = [
  {
    name: "one-clock",
    pattern: /\bnew Date\(\s*\)/,
    about:
      "The clock is an argument (clock.now(), clock.today()); `new Date()` stands in shared/kernel/src/clock.ts alone.",
    except: /^shared\/kernel\/src\/(clock|period)\.ts$/,
  },
  {
    name: "no-money-as-number",
    pattern: /\b\w*(?:[cC]ost|[aA]mount|[sS]pend|[pP]rice)\??: (?:readonly )?number\b/,
    about: "Money is a Decimal, a Money, or text on the wire; never a number.",
    except: /^packages\/ui\/|^apps\/web\//,
  },
  {
    name: "no-session-tenant",
    pattern: /\bset_config\([^)]*,\s*false\s*\)|\bSET\s+(?:SESSION\s+)?app\./i,
    about:
      "A tenant set for the session leaks to the pool's next user. Use ctx.inTenant, which sets it for the transaction.",
  },
  {
    name: "no-silenced-types",
    pattern: /@ts-(?:ignore|nocheck)\b|\bas any\b/,
    about: "Types are not silenced. Narrow the value, or describe it.",
  },
  {
    name: "no-notes-to-self",
    pattern: /\b(?:TODO|FIXME|HACK)\b/,
    about: "What is left to do stands in TASKS.md or in an issue.",
  },
];

const nameRule: SourceRule = {
  name: "telling-names",
  pattern: /(?:^|[/-])(?:utils?|helpers?|manager|common|misc)(?:\.|\/|-)/,
  about: "The name says nothing about what is inside. Name the thing.",
};

/** The lines of one file that break a rule of docs that no linter knows. */
export function findBreaches(path: string, text: string): Breach[] {
  const named = nameRule.pattern.test(path) ? [{ path, line: 1, rule: nameRule.name, about: nameRule.about }] : [];
  const rules = lineRules.filter((rule) => !rule.except?.test(path) && !notProduct.test(path));
  const found = text
    .split("\n")
    .flatMap((line, index) =>
      rules
        .filter((rule) => rule.pattern.test(line))
        .map((rule) => ({ path, line: index + 1, rule: rule.name, about: rule.about })),
    );
  return [...named, ...found];
}
