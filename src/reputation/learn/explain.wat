;; The sum over the leaves of a tree, point by point (tree-shap.ts), over the memory of one forest.
;; `npm run kernel` makes explain-code.ts of it; explain-kernel.test.ts compares them.
;;
;; A node has 32 bytes: the feature that it asks for (u32, -1 for a leaf), its threshold (f32), where its left child stands (the right one is behind
;; it), whether a missing value goes left (u32); the share of rows that those above who ask for the same feature let through, of a leaf its
;; vote (f64); and the share of its parent's rows that come to it (f64). Points have 8 bytes in each array, and are even in number.
(module
  (import "forest" "memory" (memory 1 65536 shared))
  (global $bytes (mut i32) (i32.const 0))
  (global $points (mut i32) (i32.const 0))
  (global $weights (mut i32) (i32.const 0))
  (global $row (mut i32) (i32.const 0))
  (global $out (mut i32) (i32.const 0))
  (global $goes (mut i32) (i32.const 0))

  ;; Adds to $out (f64 by feature) what each feature of $row (f32) adds to the vote of the tree at $root. $goes (u32 by feature) is 1 all over, and
  ;; $ones (f64) are as many as there are points. At $free is room for three arrays a level, and one more.
  (func (export "explain") (param $root i32) (param $bytes i32) (param $points i32) (param $weights i32)
    (param $row i32) (param $out i32) (param $goes i32) (param $ones i32) (param $free i32)
    (global.set $bytes (local.get $bytes))
    (global.set $points (local.get $points))
    (global.set $weights (local.get $weights))
    (global.set $row (local.get $row))
    (global.set $out (local.get $out))
    (global.set $goes (local.get $goes))
    (call $visit
      (local.get $root)
      (local.get $ones)
      (local.get $free)
      (i32.add (local.get $free) (local.get $bytes))))

  ;; Sums up the leaves below a node that asks for something, at $into. At $product is the product over the features on the way there.
  (func $visit (param $node i32) (param $product i32) (param $into i32) (param $free i32)
    (local $goes i32)
    (local $to i32)
    (local $away i32)
    (local $one i32)
    (local $other i32)
    (local $k i32)
    (local $value f32)
    (local $above f64)
    (local $share f64)
    (local $left f64)
    (local $place i32)
    (local $added v128)
    (local $shares v128)
    (local $lefts v128)
    (local $rest v128)
    (local $aboves v128)
    (local $unit v128)
    (local $back v128)
    (local $there v128)
    (local $gone v128)
    (local $known v128)
    (local $leaves v128)
    (local $t v128)
    (local.set $one (i32.add (local.get $free) (global.get $bytes)))
    (local.set $other (i32.add (local.get $one) (global.get $bytes)))
    (local.set $to (i32.load offset=8 (local.get $node)))
    (local.set $away (i32.add (local.get $to) (i32.const 32)))
    (local.set $place (i32.load (local.get $node)))
    (local.set $goes (i32.add (global.get $goes) (i32.shl (local.get $place) (i32.const 2))))
    ;; Below where the row has left for this feature: it says nothing more of it.
    (if (i32.eqz (i32.load (local.get $goes)))
      (then
        (local.set $share (f64.load offset=24 (local.get $to)))
        (local.set $left (f64.load offset=24 (local.get $away)))
        (call $descend (local.get $to) (local.get $product) (local.get $one) (local.get $free)
          (local.get $share) (f64.const 0) (f64.const 1))
        (call $descend (local.get $away) (local.get $product) (local.get $other) (local.get $free)
          (local.get $left) (f64.const 0) (f64.const 1))
        (local.set $shares (f64x2.splat (local.get $share)))
        (local.set $lefts (f64x2.splat (local.get $left)))
        (loop $next
          (v128.store
            (i32.add (local.get $into) (local.get $k))
            (f64x2.add
              (f64x2.mul (local.get $shares) (v128.load (i32.add (local.get $one) (local.get $k))))
              (f64x2.mul (local.get $lefts) (v128.load (i32.add (local.get $other) (local.get $k))))))
          (br_if $next
            (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (global.get $bytes))))
        (return)))
    ;; The side that the row goes to is looked at as the one on which it goes on.
    (local.set $value (f32.load (i32.add (global.get $row) (i32.shl (local.get $place) (i32.const 2)))))
    (if (i32.eqz
          (select
            (i32.load offset=12 (local.get $node))
            (f32.le (local.get $value) (f32.load offset=4 (local.get $node)))
            (f32.ne (local.get $value) (local.get $value))))
      (then
        (local.set $away (local.get $to))
        (local.set $to (i32.add (local.get $to) (i32.const 32)))))
    (local.set $above (f64.load offset=16 (local.get $node)))
    (local.set $share (f64.mul (local.get $above) (f64.load offset=24 (local.get $to))))
    (local.set $left (f64.mul (local.get $above) (f64.load offset=24 (local.get $away))))
    (call $descend (local.get $to) (local.get $product) (local.get $one) (local.get $free)
      (local.get $share) (f64.sub (f64.const 1) (local.get $share)) (local.get $above))
    (i32.store (local.get $goes) (i32.const 0))
    (call $descend (local.get $away) (local.get $product) (local.get $other) (local.get $free)
      (local.get $left) (f64.neg (local.get $left)) (local.get $above))
    (i32.store (local.get $goes) (i32.const 1))
    (local.set $shares (f64x2.splat (local.get $share)))
    (local.set $rest (f64x2.splat (f64.sub (f64.const 1) (local.get $share))))
    (local.set $lefts (f64x2.splat (local.get $left)))
    (local.set $aboves (f64x2.splat (f64.sub (f64.const 1) (local.get $above))))
    (loop $next
      (local.set $t (v128.load (i32.add (global.get $points) (local.get $k))))
      (local.set $there (v128.load (i32.add (local.get $one) (local.get $k))))
      (local.set $gone (v128.load (i32.add (local.get $other) (local.get $k))))
      (local.set $known (f64x2.add (local.get $shares) (f64x2.mul (local.get $t) (local.get $rest))))
      (local.set $leaves (f64x2.sub (local.get $lefts) (f64x2.mul (local.get $t) (local.get $lefts))))
      (if (f64.eq (local.get $above) (f64.const 1))
        (then
          (v128.store
            (i32.add (local.get $into) (local.get $k))
            (f64x2.add
              (f64x2.mul (local.get $known) (local.get $there))
              (f64x2.mul (local.get $leaves) (local.get $gone))))
          (local.set $added
            (f64x2.add
              (local.get $added)
              (f64x2.mul
                (f64x2.mul
                  (v128.load (i32.add (global.get $weights) (local.get $k)))
                  (v128.load (i32.add (local.get $product) (local.get $k))))
                (f64x2.mul (local.get $lefts) (f64x2.sub (local.get $there) (local.get $gone)))))))
        ;; What the node above that asks for the same feature will say of these leaves is taken back.
        (else
          (local.set $unit
            (f64x2.div
              (f64x2.splat (f64.const 1))
              (f64x2.add (f64x2.splat (local.get $above)) (f64x2.mul (local.get $t) (local.get $aboves)))))
          (local.set $back (f64x2.mul (local.get $aboves) (local.get $unit)))
          (v128.store
            (i32.add (local.get $into) (local.get $k))
            (f64x2.mul
              (local.get $unit)
              (f64x2.add
                (f64x2.mul (local.get $known) (local.get $there))
                (f64x2.mul (local.get $leaves) (local.get $gone)))))
          (local.set $added
            (f64x2.add
              (local.get $added)
              (f64x2.mul
                (f64x2.mul
                  (f64x2.mul
                    (v128.load (i32.add (global.get $weights) (local.get $k)))
                    (v128.load (i32.add (local.get $product) (local.get $k))))
                  (local.get $unit))
                (f64x2.sub
                  (f64x2.mul
                    (local.get $there)
                    (f64x2.sub (local.get $rest) (f64x2.mul (local.get $known) (local.get $back))))
                  (f64x2.mul
                    (local.get $gone)
                    (f64x2.add (local.get $lefts) (f64x2.mul (local.get $leaves) (local.get $back))))))))))
      (br_if $next
        (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (global.get $bytes))))
    (local.set $place (i32.add (global.get $out) (i32.shl (local.get $place) (i32.const 3))))
    (f64.store
      (local.get $place)
      (f64.add
        (f64.load (local.get $place))
        (f64.add
          (f64x2.extract_lane 0 (local.get $added))
          (f64x2.extract_lane 1 (local.get $added))))))

  ;; The sum below a child, at $into. On the way there ($a + $b t) / ($above + (1 - $above) t) comes to the product.
  (func $descend (param $child i32) (param $product i32) (param $into i32) (param $free i32)
    (param $a f64) (param $b f64) (param $above f64)
    (local $k i32)
    (local $as v128)
    (local $bs v128)
    (local $part v128)
    ;; A leaf's vote; and nothing where nobody comes, whatever is known.
    (if
      (i32.or
        (i32.eq (i32.load (local.get $child)) (i32.const -1))
        (i32.and (f64.eq (local.get $a) (f64.const 0)) (f64.eq (local.get $b) (f64.const 0))))
      (then
        (local.set $part
          (f64x2.splat
            (select
              (f64.load offset=16 (local.get $child))
              (f64.const 0)
              (i32.eq (i32.load (local.get $child)) (i32.const -1)))))
        (loop $next
          (v128.store (i32.add (local.get $into) (local.get $k)) (local.get $part))
          (br_if $next
            (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (global.get $bytes))))
        (return)))
    (local.set $as (f64x2.splat (local.get $a)))
    (local.set $bs (f64x2.splat (local.get $b)))
    (loop $next
      (local.set $part
        (f64x2.mul
          (v128.load (i32.add (local.get $product) (local.get $k)))
          (f64x2.add
            (local.get $as)
            (f64x2.mul (local.get $bs) (v128.load (i32.add (global.get $points) (local.get $k)))))))
      (if (f64.ne (local.get $above) (f64.const 1))
        (then
          (local.set $part
            (f64x2.div
              (local.get $part)
              (f64x2.add
                (f64x2.splat (local.get $above))
                (f64x2.mul
                  (f64x2.splat (f64.sub (f64.const 1) (local.get $above)))
                  (v128.load (i32.add (global.get $points) (local.get $k)))))))))
      (v128.store (i32.add (local.get $free) (local.get $k)) (local.get $part))
      (br_if $next
        (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (global.get $bytes))))
    (call $visit
      (local.get $child)
      (local.get $free)
      (local.get $into)
      (i32.add (local.get $free) (i32.mul (global.get $bytes) (i32.const 3))))))
