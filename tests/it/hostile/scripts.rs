//! Hostile and careless scripts, by kind, each in variants of a size.

pub fn when(condition: &str) -> String {
    format!("rule \"kwaad\" when {condition} then {{ }}")
}

pub fn then(body: &str) -> String {
    format!("rule \"kwaad\" when complaint.state == \"a\" then {{ {body} }}")
}

pub fn function(definition: &str, call: &str) -> String {
    format!("{definition}\n{}", then(&format!("let x = {call};")))
}

/// A class: its name, and its variant for a size.
pub type Class = (&'static str, fn(usize) -> String);

pub const CLASSES: &[Class] = &[
    ("unbounded for over a range", |n| {
        then(&format!("for i in range(0, {}) {{ let x = i; }}", 1_000_000_usize * n))
    }),
    ("nested for", |n| {
        then(&format!("{}let x = 1;{}", "for i in range(0, 3000) { ".repeat(n + 1), " }".repeat(n + 1)))
    }),
    ("while", |n| then(&format!("let i = 0; while i < {n} {{ i += 1; }}"))),
    ("loop", |n| then(&format!("loop {{ let x = {n}; }}"))),
    ("do until", |n| then(&format!("let i = 0; do {{ i += 1; }} until i > {n};"))),
    ("string growth by doubling", |n| {
        then(&format!("let s = \"{}\"; for i in range(0, 60) {{ s += s; }}", "x".repeat(n)))
    }),
    ("string growth in a condition", |n| {
        function(
            &format!("fn lang() {{ let s = \"{}\"; for i in range(0, 40) {{ s += s; }} s }}", "x".repeat(n)),
            "lang()",
        )
    }),
    ("array growth", |n| {
        then(&format!("let a = []; for i in range(0, {}) {{ a.push([1, 2, 3]); }}", 20_000 * n))
    }),
    ("array doubling", |n| then(&format!("let a = [{n}]; for i in range(0, 40) {{ a = a + a; }}"))),
    ("map growth", |n| {
        then(&format!("let m = #{{}}; for i in range(0, {}) {{ m[`k${{i}}`] = i; }}", 5_000 * n))
    }),
    ("map growth by property", |n| {
        function(
            &format!("fn f() {{ let m = #{{}}; for i in range(0, {}) {{ m.k = [m, m]; }} m }}", 50 * n),
            "f()",
        )
    }),
    ("big strings in a list", |n| {
        then(&format!(
            "let s = \"x\"; for i in range(0, 16) {{ s += s; }} let a = []; for i in range(0, {}) {{ a.push(s + i); }}",
            100 * n
        ))
    }),
    ("nested containers", |n| then(&format!("let a = []; for i in range(0, {}) {{ a = [a, a]; }}", 40 * n))),
    ("direct recursion", |n| function(&format!("fn f(i) {{ f(i + {n}) }}"), "f(0)")),
    ("mutual recursion", |n| function(&format!("fn f(i) {{ g(i) }}\nfn g(i) {{ f(i + {n}) }}"), "f(0)")),
    ("deep expression", |n| then(&format!("let x = {}1{};", "(".repeat(80 * n), ")".repeat(80 * n)))),
    ("long chain of operators", |n| then(&format!("let x = 1{};", " + 1".repeat(200 * n)))),
    ("integer overflow", |n| then(&format!("let x = 9223372036854775807; x += {n};"))),
    ("multiplication overflow", |n| {
        then(&format!("let x = {}; for i in range(0, 100) {{ x *= x; }}", n + 2))
    }),
    ("division by zero", |n| then(&format!("let x = {n} / 0;"))),
    ("modulo by zero", |n| then(&format!("let x = {n} % 0;"))),
    ("index out of bounds", |n| then(&format!("let a = [1]; let x = a[{}];", n + 5))),
    ("negative index", |n| then(&format!("let a = []; let x = a[-{n}];"))),
    ("throw", |n| then(&format!("throw \"{n}\";"))),
    ("return in a body", |n| then(&format!("return {n};"))),
    ("return in a condition's function", |n| format!("fn f() {{ return {n}; }}\n{}", when("f()"))),
    ("a condition that is no truth", |n| when(&format!("{n}"))),
    ("an effect in a condition", |n| when(&format!("{{ complaint.flags.f = true; {n} == {n} }}"))),
    ("an effect hidden in a function of a condition", |n| {
        format!("fn f() {{ notify(\"h\", \"m\"); {n} == {n} }}\n{}", when("f()"))
    }),
    ("a shadowed host variable", |n| then(&format!("let complaint = {n};"))),
    ("a shadowed host function", |n| format!("fn notify(a, b) {{ {n} }}\n{}", then("let x = 1;"))),
    ("a shadowed parameter name", |n| function(&format!("fn f(now) {{ now + {n} }}"), "f(1)")),
    ("an unknown function", |n| then(&format!("verwijder_alles({n});"))),
    ("an unknown field", |n| then(&format!("complaint.geheim = {n};"))),
    ("eval", |n| then(&format!("eval(\"{n}\");"))),
    ("import", |n| format!("import \"m{n}\" as m;\n{}", then("let x = 1;"))),
    ("function pointers", |n| then(&format!("let f = Fn(\"f{n}\"); f.call();"))),
    ("closures that grow in native callbacks", |n| {
        then(&format!(
            "let a = []; for i in range(0, 3000) {{ a.push(i); }} let x = a.map(|v| {{ let s = 0; for j in range(0, {}) {{ s += j; }} s }});",
            1000 * n
        ))
    }),
    ("sorting with a costly comparison", |n| {
        then(&format!(
            "let a = []; for i in range(0, 3000) {{ a.push(-i); }} a.sort(|x, y| {{ for j in range(0, {}) {{ let z = j; }} x - y }});",
            100 * n
        ))
    }),
    ("sleep and the clock", |n| then(&format!("sleep({n});"))),
    ("print", |n| then(&format!("print(\"{n}\");"))),
    ("rules that turn each other on", |n| {
        let rule = |name: &str, from: usize, to: usize| {
            format!(
                "rule \"{name}\" when complaint.counters.c == {from} then {{ complaint.counters.c = {to}; }}\n"
            )
        };
        // Last first, so that each finds its condition false before it is turned on again.
        let links = (1..n + 2).rev().map(|i| rule(&format!("kwaad{i}"), i, i + 1));
        format!("{}{}{}", rule("terug", n + 2, 0), links.collect::<String>(), rule("kwaad", 0, 1))
    }),
    ("many notifications", |n| {
        then(&format!("for i in range(0, {}) {{ notify(\"h\", \"m\"); }}", 2_000 * n))
    }),
    ("many terms", |n| {
        then(&format!("for i in range(0, {}) {{ deadline(\"d\", now + days(i), \"h\"); }}", 2_000 * n))
    }),
    ("a term beyond all time", |n| then(&format!("deadline(\"d\", now + years({}), \"h\");", 99_999 * n))),
    ("a repeat without pause", |n| {
        format!("rule \"kwaad\" when complaint.state == \"a\" every hours(0) then {{ let x = {n}; }}")
    }),
    ("now as a number", |n| when(&format!("now + {n} > now"))),
    ("free text in a condition", |n| when(&format!("complaint.description == \"{n}\""))),
    ("a moment compared with a text", |n| when(&format!("now > \"{n}\""))),
    ("an undeclared state", |n| then(&format!("enter(\"s{n}\");"))),
    ("a computed name", |n| then(&format!("enter(\"a\" + {n});"))),
    ("refusing outside an action", |n| then(&format!("refuse(\"{n}\");"))),
    ("lists put together in a loop", |n| {
        function(
            &format!(
                "fn f() {{ let a = []; for i in range(0, {}) {{ a.push(\"abc\"); }} let n = 0; \
                 for i in range(0, 15000) {{ n += (a + a).len(); }} n }}",
                70 * n
            ),
            "f()",
        )
    }),
    ("a list copied in a loop", |n| {
        then(&format!(
            "let a = []; for i in range(0, 300) {{ a.push(i); }} for i in range(0, {}) {{ let b = a; }}",
            20_000 * n
        ))
    }),
    ("lists compared in a loop", |n| {
        then(&format!(
            "let a = []; for i in range(0, 300) {{ a.push(i); }} let b = a; for i in range(0, {}) {{ let c = a == b; }}",
            5_000 * n
        ))
    }),
    ("a list sorted in a loop", |n| {
        then(&format!(
            "let a = []; for i in range(0, 300) {{ a.push(-i); }} for i in range(0, {}) {{ a.sort(); a.reverse(); }}",
            5_000 * n
        ))
    }),
    ("lists nested ever deeper", |n| {
        then(&format!("let a = [1]; for i in range(0, {}) {{ a = [a]; }}", 400 * n))
    }),
    ("maps nested ever deeper", |n| {
        then(&format!("let a = #{{}}; for i in range(0, {}) {{ a = #{{ a: a }}; }}", 400 * n))
    }),
    ("lists and maps nested in each other", |n| {
        then(&format!("let a = []; for i in range(0, {}) {{ a = #{{ a: [a] }}; }}", 400 * n))
    }),
    ("a long text gone through in a loop", |n| {
        then(&format!(
            "for i in range(0, {}) {{ let x = \"{}\".to_upper(); }}",
            20_000 * n,
            "klacht ".repeat(2_000)
        ))
    }),
    ("a long text searched in a loop", |n| {
        then(&format!(
            "for i in range(0, {}) {{ let x = \"{}\".contains(\"zaal\"); }}",
            20_000 * n,
            "klacht ".repeat(8_000)
        ))
    }),
    ("a long constant read in a loop", |n| {
        format!(
            "const LANG = [{}];\n{}",
            "1, ".repeat(2_000),
            then(&format!("for i in range(0, {}) {{ let x = LANG; }}", 20_000 * n))
        )
    }),
    ("the mail searched for word after word", |n| {
        then(&format!("for i in range(0, {}) {{ let x = text_mentions([`woord ${{i}}`]); }}", 20_000 * n))
    }),
    ("working days by the century", |n| {
        then(&format!("for i in range(0, {}) {{ let x = today + workdays(20000); }}", 5_000 * n))
    }),
    ("events without end", |n| {
        then(&format!("for i in range(0, {}) {{ complaint.counters.c += 1; }}", 20_000 * n))
    }),
    ("remarks without end", |n| then(&format!("for i in range(0, {}) {{ remark(`${{i}}`); }}", 20_000 * n))),
    ("measures without end", |n| {
        then(&format!(
            "for i in range(0, {}) {{ measure(#{{ description: \"x\", owner: \"h\", state: \"open\" }}); }}",
            2_000 * n
        ))
    }),
    ("the names of a map in a loop", |n| {
        then(&format!(
            "let m = #{{ a: 1, b: 2, c: 3 }}; for i in range(0, {}) {{ let k = m.keys(); let v = m.values(); }}",
            20_000 * n
        ))
    }),
    ("a text written out in a loop", |n| {
        then(&format!("let t = \"\"; for i in range(0, {}) {{ t = `${{t}}${{i}}`; }}", 20_000 * n))
    }),
    ("a list written out in a loop", |n| {
        then(&format!(
            "let a = []; for i in range(0, 300) {{ a.push(i); }} for i in range(0, {}) {{ let t = `${{a}}`; }}",
            5_000 * n
        ))
    }),
    ("an element of what is no element", |n| {
        format!("rule \"kwaad\" for [{n}] when complaint.state == \"a\" then {{ remark(\"x\"); }}")
    }),
    ("an action that cannot be done", |n| {
        format!(
            "action weg \"Weg\" by [\"h\"] when complaint.counters.c > {n} then {{ remark(\"x\"); }}\n{}",
            then("perform(\"weg\", #{});")
        )
    }),
    ("an action performed twice", |n| {
        format!(
            "action weer \"Weer\" by [\"h\"] when true then {{ remark(\"{n}\"); }}\n{}",
            then("perform(\"weer\", #{}); perform(\"weer\", #{});")
        )
    }),
    ("an action that refuses", |n| {
        format!(
            "action nee \"Nee\" by [\"h\"] when true then {{ refuse(\"{n}\"); }}\n{}",
            then("perform(\"nee\", #{});")
        )
    }),
    ("an action that is costly", |n| {
        format!(
            "action duur \"Duur\" by [\"h\"] when true then {{ for i in range(0, {}) {{ let x = i; }} }}\n{}",
            100_000 * n,
            then("perform(\"duur\", #{});")
        )
    }),
];
