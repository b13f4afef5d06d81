// The log's one type-ahead over type, article and outcome: "parkering löst" is type and outcome at once, and Enter saves.
// An article brings its type and its text. Without script the log is a select, radio buttons and a field.
import { best, type Choice, fold, rank, TypeAhead, wordsOf } from "./type-ahead";

interface Article {
  readonly id: string;
  readonly title: string;
  readonly keywords: string;
  readonly answer: string;
  readonly case_type: string | null;
}

interface Outcome {
  readonly key: string;
  readonly name: string;
  readonly words: readonly string[];
}

interface Combined extends Choice {
  readonly outcome?: Outcome;
  readonly article?: Article;
}

/** Between a rank of 2, where all words begin so, and 3, where they hold it. */
const AFTER_BEGINNINGS = 2.5;

let articles: Promise<readonly Article[]> | undefined;

/** The articles, asked for once a page load. */
function load(): Promise<readonly Article[]> {
  articles ??= fetch("/knowledge/articles").then(
    (answer) => (answer.ok ? (answer.json() as Promise<readonly Article[]>) : []),
    () => [],
  );
  return articles;
}

class QuickLog extends TypeAhead {
  private known: readonly Combined[] = this.choices;
  private readonly outcomes: readonly Outcome[];

  constructor(select: HTMLSelectElement) {
    super(select);
    this.outcomes = [...(select.form?.querySelectorAll<HTMLInputElement>("input[name=outcome]") ?? [])].map((radio) => {
      const name = (radio.labels?.[0]?.lastChild?.textContent ?? "").trim();
      return { key: radio.value, name, words: wordsOf(name) };
    });
    void load().then((all) => {
      const types = new Map(this.choices.map((choice) => [choice.value, choice]));
      const label = select.dataset["articleLabel"] ?? "";
      const choices = all.flatMap((article): Combined[] => {
        const type = article.case_type === null ? undefined : types.get(article.case_type);
        if (!type) return [];
        const words = wordsOf(`${article.title} ${article.keywords}`);
        return [{ value: type.value, name: article.title, aside: label, folded: fold(article.title), words, article }];
      });
      this.known = [...this.choices, ...choices];
    });
  }

  protected override candidates(typed: string): Choice[] {
    if (typed === "") return super.candidates(typed);
    const found = new Map<Combined, number>();
    // Types before articles that fit as well: a type is the shorter way.
    const fits = (choice: Combined, text: string): number | undefined => {
      const place = rank(choice, text);
      return place === undefined ? undefined : place + (choice.article ? 0.5 : 0);
    };
    for (const choice of this.known) {
      const place = fits(choice, typed);
      if (place !== undefined) found.set(choice, place);
    }
    const terms = typed.split(/\s+/);
    const last = terms.pop() ?? "";
    this.outcomes.forEach((outcome, order) => {
      if (terms.length === 0 || !outcome.words.some((word) => word.startsWith(last))) return;
      for (const choice of this.known) {
        const place = fits(choice, terms.join(" "));
        if (place === undefined) continue;
        const name = `${choice.name} · ${outcome.name}`;
        // After what all the words begin, before what merely holds them somewhere; the commonest outcome first.
        found.set({ ...choice, name, outcome }, AFTER_BEGINNINGS + place / 10 + order / 100);
      }
    });
    return best([...found.keys()], (choice) => found.get(choice));
  }

  protected override taken(choice: Combined, moveOn: boolean): void {
    const form = this.select.form;
    if (choice.article) this.fill(choice.article);
    if (!choice.outcome || !form) return super.taken(choice, moveOn);
    const radio = form.querySelector<HTMLInputElement>(`input[name=outcome][value="${CSS.escape(choice.outcome.key)}"]`);
    if (!radio) return super.taken(choice, moveOn);
    radio.checked = true;
    // Whoever has named the type and what came of it has said all that must be said.
    if (moveOn) form.requestSubmit();
  }

  /** An article's text becomes the note, unless something is written there already. */
  private fill(article: Article): void {
    const note = this.select.form?.querySelector<HTMLTextAreaElement>("textarea[name=note]");
    if (!note || note.value.trim() !== "") return;
    const text = `${article.title}: ${article.answer}`;
    note.value = note.maxLength > 0 ? text.slice(0, note.maxLength) : text;
  }
}

function enhance(): void {
  const selects = document.querySelectorAll<HTMLSelectElement>(
    "form[data-quick-log] select[data-type-ahead]:not([data-enhanced])",
  );
  for (const select of selects) {
    select.dataset["enhanced"] = "";
    new QuickLog(select);
  }
}

document.addEventListener("DOMContentLoaded", enhance);
document.addEventListener("htmx:after:swap", enhance);
if (document.readyState !== "loading") enhance();
