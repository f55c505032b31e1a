import { answer } from "./answer.js";
import { appearance } from "./appearance.js";
import { beside } from "./beside.js";
import { choosing } from "./choosing.js";
import { connection } from "./connection.js";
import { copy } from "./copy.js";
import { drop } from "./drop.js";
import { faces } from "./faces.js";
import { margin } from "./margin.js";
import { marks } from "./marks.js";
import { menus } from "./menus.js";
import { paste } from "./paste.js";
import { picking } from "./picking.js";
import { question } from "./question.js";
import { rows } from "./rows.js";
import { search } from "./search.js";
import { selection } from "./selection.js";

for (const begin of [answer, appearance, beside, choosing, connection, copy, drop, faces, margin, marks, menus, paste, picking, question, rows, search, selection]) begin();
