import { data, Evaluator, Lexer, Parser, wellKnownFunctions } from '@actions/expressions'
import { truthy } from '@actions/expressions/result'

/** The contexts of an expression by their names, like `inputs` and `secrets`. */
export type Contexts = Record<string, unknown>

const STATUS = ['always', 'cancelled', 'failure', 'success'].map((name) => ({
  name,
  minArgs: 0,
  maxArgs: 0,
  // Nothing was cancelled, and nothing has failed.
  call: () => new data.BooleanData(name === 'always' || name === 'success'),
}))
const FUNCTIONS = [...Object.values(wellKnownFunctions), ...STATUS]

/** What GitHub makes of an expression, without its `${{ }}`; the evaluator is GitHub's own. */
function evaluate(expression: string, contexts: Contexts): data.ExpressionData {
  const parsed = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), FUNCTIONS).parse()
  const given = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  return new Evaluator(parsed, given, new Map(STATUS.map((one) => [one.name, one]))).evaluate()
}

/** A value with every `${{ }}` in it replaced. */
export function fill(value: string | number | boolean, contexts: Contexts): string {
  return String(value).replace(/\$\{\{(.*?)\}\}/gs, (_, expression) => evaluate(expression, contexts).coerceString())
}

/** What stands in a value that is an expression and nothing else, as JSON has it. */
export function valueIn(value: string, contexts: Contexts): unknown {
  return JSON.parse(JSON.stringify(evaluate(expressionIn(value), contexts), data.replacer))
}

/** Whether a condition holds, with `${{ }}` or without. */
export const holds = (condition: string, contexts: Contexts): boolean =>
  truthy(evaluate(expressionIn(condition), contexts))

const expressionIn = (value: string): string => /^\s*\$\{\{(.*)\}\}\s*$/s.exec(value)?.[1] ?? value
