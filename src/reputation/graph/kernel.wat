;; The inner loops of a pass over blocks (blocks.ts), and of cutting rows into them (cutter.ts), over one piece of memory.
;; `npm run kernel` makes kernel-code.ts of it; kernel.test.ts compares them.
(module
  (import "graph" "memory" (memory 1 65536 shared))

  ;; For each source in [$at, $end), a place (u16) in its part: its number out of $z is written behind the one before it, at $value.
  (func (export "scatter") (param $at i32) (param $end i32) (param $value i32) (param $z i32)
    (if (i32.eq (local.get $at) (local.get $end)) (then (return)))
    (loop $next
      (f32.store
        (local.get $value)
        (f32.load (i32.add (local.get $z) (i32.shl (i32.load16_u (local.get $at)) (i32.const 2)))))
      (local.set $value (i32.add (local.get $value) (i32.const 4)))
      (br_if $next
        (i32.ne (local.tee $at (i32.add (local.get $at) (i32.const 2))) (local.get $end)))))

  ;; For each target in [$at, $end), a place in its part (15 bits of a u16): the number at $value is added to its sum (f64) in $sum.
  ;; The highest bit says that the next number is meant; the first one always says so.
  (func (export "gather") (param $at i32) (param $end i32) (param $value i32) (param $sum i32)
    (local $target i32)
    (local $place i32)
    (if (i32.eq (local.get $at) (local.get $end)) (then (return)))
    (local.set $value (i32.sub (local.get $value) (i32.const 4)))
    (loop $next
      (local.set $target (i32.load16_u (local.get $at)))
      (local.set $value
        (i32.add (local.get $value) (i32.shl (i32.shr_u (local.get $target) (i32.const 15)) (i32.const 2))))
      (local.set $place
        (i32.add (local.get $sum) (i32.shl (i32.and (local.get $target) (i32.const 0x7fff)) (i32.const 3))))
      (f64.store
        (local.get $place)
        (f64.add (f64.load (local.get $place)) (f64.promote_f32 (f32.load (local.get $value)))))
      (br_if $next
        (i32.ne (local.tee $at (i32.add (local.get $at) (i32.const 2))) (local.get $end)))))

  ;; Rows of entries (u32) follow each other from $at on; where each ends stands in [$row, $rows). An entry's high bits are its target's
  ;; part. By part (u32): how many entries have it is added to $heard, and to $sent in how many rows it comes. $last is the part that
  ;; the first row goes on with, or -1.
  (func (export "count")
    (param $at i32) (param $row i32) (param $rows i32) (param $last i32) (param $sent i32) (param $heard i32)
    (local $end i32)
    (local $part i32)
    (local $place i32)
    (block $done
      (loop $next_row
        (br_if $done (i32.eq (local.get $row) (local.get $rows)))
        (local.set $end (i32.load (local.get $row)))
        (block $row_done
          (loop $next
            (br_if $row_done (i32.eq (local.get $at) (local.get $end)))
            (local.set $part (i32.shl (i32.shr_u (i32.load (local.get $at)) (i32.const 15)) (i32.const 2)))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (local.set $place (i32.add (local.get $heard) (local.get $part)))
            (i32.store (local.get $place) (i32.add (i32.load (local.get $place)) (i32.const 1)))
            (br_if $next (i32.eq (local.get $part) (local.get $last)))
            (local.set $last (local.get $part))
            (local.set $place (i32.add (local.get $sent) (local.get $part)))
            (i32.store (local.get $place) (i32.add (i32.load (local.get $place)) (i32.const 1)))
            (br $next)))
        (local.set $last (i32.const -1))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br $next_row))))

  ;; The same rows, of the nodes from $node on (places in their own part): by part, the nodes (u16) are written from the byte on that
  ;; stands in $sent, and the targets' places (15 bits of a u16, the highest for the first of a row) from the one in $heard; both move on.
  (func (export "place")
    (param $at i32) (param $row i32) (param $rows i32) (param $last i32) (param $sent i32) (param $heard i32) (param $node i32)
    (local $end i32)
    (local $part i32)
    (local $target i32)
    (local $place i32)
    (local $to i32)
    (block $done
      (loop $next_row
        (br_if $done (i32.eq (local.get $row) (local.get $rows)))
        (local.set $end (i32.load (local.get $row)))
        (block $row_done
          (loop $next
            (br_if $row_done (i32.eq (local.get $at) (local.get $end)))
            (local.set $target (i32.load (local.get $at)))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (local.set $part (i32.shl (i32.shr_u (local.get $target) (i32.const 15)) (i32.const 2)))
            (local.set $target (i32.and (local.get $target) (i32.const 0x7fff)))
            (if (i32.ne (local.get $part) (local.get $last))
              (then
                (local.set $last (local.get $part))
                (local.set $target (i32.or (local.get $target) (i32.const 0x8000)))
                (local.set $place (i32.add (local.get $sent) (local.get $part)))
                (i32.store16 (local.tee $to (i32.load (local.get $place))) (local.get $node))
                (i32.store (local.get $place) (i32.add (local.get $to) (i32.const 2)))))
            (local.set $place (i32.add (local.get $heard) (local.get $part)))
            (i32.store16 (local.tee $to (i32.load (local.get $place))) (local.get $target))
            (i32.store (local.get $place) (i32.add (local.get $to) (i32.const 2)))
            (br $next)))
        (local.set $last (i32.const -1))
        (local.set $node (i32.add (local.get $node) (i32.const 1)))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br $next_row)))))
