// Says while one types what in free words points to a patient, and what to write instead: the rules of
// school/core/free_text.py and school/core/patients.py. The server looks again at what is sent.
const WAIT = 400;

const FOUND = {
  nhs_number: "is an NHS number",
  ten_digits: "could be an NHS number",
  birth: "looks like a date of birth",
  hospital_number: "looks like a hospital or accession number",
  name: "looks like a name",
};
const INSTEAD = {
  nhs_number: "Take it out and write “the patient”. The portal gives the case a number of its own.",
  ten_digits: "If it is one, write “the patient” instead.",
  birth: "Write an age band instead, such as “40 to 64”.",
  hospital_number: "Write “the patient” instead. The portal gives the case a number of its own.",
  name: "Write “the patient” instead, or what they do, such as “the radiologist”.",
};
const WEIGHTS = Object.keys(FOUND);

// NHS numbers

const DASHES = "\\u2010-\\u2015\\u2212";
const SPACE = `(?:[^\\S\\r\\n]|[\\-${DASHES}])`;
const SIGN = "[^\\p{L}\\p{N}]";
const IN_ROW = /(?<![0-9])[0-9]{10}(?![0-9])/gu;
const THREE_THREE_FOUR = new RegExp(`(?<![0-9])[0-9]{3}${SPACE}+[0-9]{3}${SPACE}+[0-9]{4}(?![0-9])`, "gu");
const NAMED = new RegExp(
  `(?<![\\p{L}\\p{N}])N${SIGN}{0,2}H${SIGN}{0,2}S(?:numbers?|num|no)?(?:${SIGN}+\\p{L}+){0,7}${SIGN}*$`,
  "iu",
);
const BEFORE = 200;
const UUID = /(?<![\w\-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w\-])/gi;
const BETWEEN = new RegExp(`^${SIGN}{1,5}$`, "u");

export function isNhsNumber(digits) {
  if (!/^[0-9]{10}$/.test(digits)) return false;
  let weighted = 0;
  for (let at = 0; at < 9; at += 1) weighted += Number(digits[at]) * (10 - at);
  return (11 - (weighted % 11)) % 11 === Number(digits[9]);
}

const valid = (text) => isNhsNumber(text.replace(/[^0-9]/g, ""));

function matches(pattern, text) {
  return [...text.matchAll(pattern)].map((found) => [found.index, found.index + found[0].length]);
}

function groups(pattern, text) {
  return [...text.matchAll(pattern)].map((found) => found.indices[1]);
}

function groupings(text) {
  const digits = matches(/[0-9]+/gu, text);
  const spans = [];
  digits.forEach(([start, firstEnd], first) => {
    let end = firstEnd;
    let count = end - start;
    for (const [begins, ends] of digits.slice(first + 1)) {
      if (count >= 10 || !BETWEEN.test(text.slice(end, begins))) break;
      count += ends - begins;
      end = ends;
    }
    if (count === 10 && end !== firstEnd && valid(text.slice(start, end))) spans.push([start, end]);
  });
  return spans;
}

function refused(text) {
  const spans = [...matches(IN_ROW, text), ...matches(THREE_THREE_FOUR, text)];
  const named = groupings(text).filter(([start]) => NAMED.test(text.slice(Math.max(0, start - BEFORE), start)));
  return [...spans.filter(([start, end]) => valid(text.slice(start, end))), ...named];
}

// Dates of birth

const BORN = "(?:19[0-9]{2}|200[0-9]|201[0-5])";
const BORN_SHORT = "[3-9][0-9]";
const DAY = "(?:0?[1-9]|[12][0-9]|3[01])";
const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const ORDINAL = `${DAY}(?:st|nd|rd|th)?`;
const CLOSE = `[ ]?[.\\/${DASHES}\\-][ ]?`;
const APART = `(?:${CLOSE}|[ ]+)`;

function dates(year, short) {
  return [
    `${DAY}${APART}${DAY}${APART}${year}`,
    `${DAY}${CLOSE}${DAY}${CLOSE}${short}`,
    `${year}${CLOSE}${DAY}${CLOSE}${DAY}`,
    `${ORDINAL}(?:[ ]+of)?${APART}${MONTH}\\.?,?${APART}(?:${year}|${short})`,
    `${MONTH}\\.?[ ]+${ORDINAL},?[ ]+${year}`,
  ].join("|");
}

const DAY_OF_OLD = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<![0-9])(?<![0-9][.\\/:,\\-])(?:${dates(BORN, BORN_SHORT)})(?![0-9])`,
  "giu",
);
const NAMED_BIRTH = new RegExp(
  "(?<![\\p{L}\\p{N}])(?:d\\.?[ ]?o\\.?[ ]?b(?![\\p{L}\\p{N}_])\\.?|date[ ]+of[ ]+birth|birth[ ]?da(?:te|y)|born(?:[ ]+(?:on|in))?)" +
    "(?:[ ]+(?:is|was))?[\\s:=.\\-]*(?:the[ ]+)?" +
    `(${dates("[0-9]{4}", "[0-9]{2}")}|[0-9]{8}|[0-9]{6}|(?:${MONTH}[ ]+)?(?:19|20)[0-9]{2})(?![0-9])`,
  "dgiu",
);

// Hospital numbers

const NO = "(?:numbers?|num|no|id|ref|#)";
const NAMED_NUMBER = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?:MRN|CHI|PID)(?:[ ]*${NO})?` +
    `|(?:hospital|hosp|unit|patient|accession|record|case[ ]?note|health[ ]and[ ]care|H[ ]?&[ ]?C)[ ]*${NO})` +
    "(?:[ ]+is)?[\\s.:#=\\-]*([a-z]{0,3}[ \\-]?[0-9][0-9 \\-]{2,10}[0-9][a-z]?)(?![\\p{L}\\p{N}])",
  "dgiu",
);
const SHAPE =
  /(?<![\p{L}\p{N}])(?<![0-9][.,:/-])(?:[A-Za-z]{1,3}-?|[A-Z]{1,3}[ ])?[0-9]{6,10}[A-Za-z]?(?![\p{L}\p{N}])(?![.,:/-][0-9])(?![ ]*(?:[kMG]?Bq|k?cps|k?counts?|events?|m[lL]|ms|Hz)(?![\p{L}\p{N}_]))/gu;

// Titles with names

const TITLED =
  /(?<![\p{L}\p{N}])(mr|mrs|ms|miss|mx|master|dr|prof|professor|sir)\.?[ \u00a0]+(\p{L}(?:\p{L}|['’-](?=\p{L}))*)(?![\p{L}\p{N}])/giu;
const AND_SURNAME = /(?:\.?[ ]?\p{L}(?!\p{L}))*\.?[ ]?(\p{L}(?:\p{L}|['’-](?=\p{L}))+)/uy;
const ORDINARY = new Set(
  `a abdomen abdominal adc after alone also an and angio angiogram angiography arthrogram artefact artefacts as at
  attenuation based before body bone bore brain breast but by cardiac cholangiography class clinic
  coil coils colonography compatible component compatibility conditional contrast correlation ct data
  department diagnosis diffusion dixon during dwi echo elastography enterography enteroclysis examination
  examinations exam field find findings flair follow for from fusion gradient guidance guided had half has
  head heart if image images imaging in is it knee lesion lesions linac list liver lung magnet
  marker neck nerve no not nurse of on only or our pancreas patient patients pelvis perfusion pet
  physicist plan planning protocol prostate protocols radiographer radiographers radiotherapy relapse report
  reports request result results room safe safety scan scanner scanners scanning scans screening
  sequence sequences set shown showed shows signal simulation simulator so spectroscopy spectrum spine
  spleen staff staging stir studies study suite system systems table team than that the their then there
  this thorax to tractography units unit unsafe upper urography venogram venography was we were when whole with`.split(
    /\s+/,
  ),
);
const isCapital = (letter) => /^\p{Lu}/u.test(letter);

function isName(title, word) {
  if (ORDINARY.has(word.toLowerCase())) return false;
  if (isCapital(word)) return isCapital(title) || !["miss", "ms", "master", "sir"].includes(title.toLowerCase());
  return ["mr", "mrs"].includes(title.toLowerCase()) && title !== title.toUpperCase();
}

function names(text) {
  const spans = [];
  for (const found of text.matchAll(TITLED)) {
    let word = found[2];
    let end = found.index + found[0].length;
    if ([...word].length === 1) {
      AND_SURNAME.lastIndex = end;
      const surname = AND_SURNAME.exec(text);
      if (!surname || !isCapital(surname[1]) || !isCapital(word)) continue;
      word = surname[1];
      end += surname[0].length;
    }
    if (isName(found[1], word)) spans.push([found.index, end]);
  }
  return spans;
}

const RULES = [
  ["nhs_number", refused],
  ["ten_digits", groupings],
  ["birth", (text) => [...groups(NAMED_BIRTH, text), ...matches(DAY_OF_OLD, text)]],
  ["hospital_number", (text) => [...groups(NAMED_NUMBER, text), ...matches(SHAPE, text)]],
  ["name", names],
];

// A figure or letter of any script and width in its plain form.
function plain(sign) {
  const same = sign.normalize("NFKC");
  const figure = /^\(?([0-9])[).]?$/.exec(same);
  if (figure) return figure[1];
  if (/\p{Nd}/u.test(same)) {
    // Figures stand in tens, from nought.
    let zero = same.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((same.codePointAt(0) - zero) % 10);
  }
  return [...same].length === 1 ? same : sign;
}

// A text as it reads, without what is not seen or is set above another sign, and where each sign stood.
function seen(text) {
  let shown = "";
  const places = [];
  let at = 0;
  for (const sign of text) {
    if (!/[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]/u.test(sign)) {
      const looks = plain(sign);
      shown += looks;
      for (let unit = 0; unit < looks.length; unit += 1) places.push([at, at + sign.length]);
    }
    at += sign.length;
  }
  return [shown, places];
}

export function findings(written) {
  const text = written.replace(UUID, (found) => "x".repeat(found.length));
  const all = [];
  const [shown, places] = seen(text);
  for (const [kind, rule] of RULES) {
    all.push(...rule(text).map(([start, end]) => ({ kind, start, end })));
    if (shown !== text) {
      all.push(...rule(shown).map(([start, end]) => ({ kind, start: places[start][0], end: places[end - 1][1] })));
    }
  }
  const weight = (one) => WEIGHTS.indexOf(one.kind);
  all.sort((one, two) => weight(one) - weight(two) || one.start - two.start || one.end - two.end);
  const told = [];
  for (const one of all) {
    if (!told.some((other) => one.start < other.end && other.start < one.end)) told.push(one);
  }
  told.sort((one, two) => (one.kind !== "nhs_number") - (two.kind !== "nhs_number") || one.start - two.start);
  return told.map((one) => ({ ...one, words: written.slice(one.start, one.end) }));
}

export const message = (one) => `“${one.words}” ${FOUND[one.kind]}. ${INSTEAD[one.kind]}`;

// What is found moves the page: it is shown neither between the press and the release of a click, which would miss
// what it was meant for, nor by the press itself, which leaves the box.
let held = false;
const waiting = new Set();
function settled(look) {
  setTimeout(() => {
    if (held) waiting.add(look);
    else look();
  });
}

addEventListener("pointerdown", () => { held = true; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    held = false;
    for (const look of waiting) settled(look);
    waiting.clear();
  }, true);
}

function watch(box) {
  const said = document.createElement("div");
  said.setAttribute("role", "status");
  said.className = "soo-found";
  box.after(said);
  let timer;
  const look = () => {
    const words = findings(box.value).map(message);
    if (said.dataset.words === words.join("\n")) return;
    said.dataset.words = words.join("\n");
    said.replaceChildren(
      ...words.map((one) => {
        const line = document.createElement("p");
        line.className = "soo-found__line";
        line.textContent = one;
        return line;
      }),
    );
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => settled(look), WAIT);
  });
  box.addEventListener("change", () => settled(look));
  if (box.value) look();
}

for (const box of document.querySelectorAll("[data-free-text]")) watch(box);
