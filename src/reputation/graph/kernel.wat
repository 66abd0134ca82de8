;; The two inner loops of a pass over blocks (blocks.ts), over memory that workers share.
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
        (i32.ne (local.tee $at (i32.add (local.get $at) (i32.const 2))) (local.get $end))))))
