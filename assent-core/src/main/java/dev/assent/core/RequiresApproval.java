package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * No call of this tool runs before people have agreed to exactly that call. On a class it holds for
 * all of its tools that say nothing else.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresApproval {
  /** What the approver is told. */
  String message() default "";

  /** Who approves; empty means every person who can log in. */
  String role() default "";

  /** How many people must agree. */
  int approvals() default 1;

  /** How carefully a yes is taken. */
  Risk risk() default Risk.MEDIUM;

  /** One line over the arguments, for example {@code Pay {amount} to {vendor}}. */
  String summary() default "";

  /** How long it can be decided, as an ISO-8601 duration; empty means for ever. */
  String expiresAfter() default "";

  /** How long an approval stays good before the call starts, as an ISO-8601 duration. */
  String useBy() default "";

  /** After how long people are told again, as an ISO-8601 duration; empty means never. */
  String remindAfter() default "";

  /**
   * Roles that may decide it instead when nobody has, one after the other; the first after half of
   * {@link #expiresAfter}, the others spread evenly up to it, unless {@link #escalateAfter} says.
   */
  String[] escalateTo() default {};

  /** When each of {@link #escalateTo} begins to be asked, as ISO-8601 durations; all or none. */
  String[] escalateAfter() default {};

  /**
   * How long an approved call waits, so that its approval can be taken back, as an ISO-8601
   * duration; empty means not at all.
   */
  String undo() default "";

  /**
   * What a yes needs: nothing when empty, one of these codes, or with the one text {@link
   * #REQUIRED} a reason in words.
   */
  String[] approveReasons() default {};

  /** What a no needs, in the same form. */
  String[] rejectReasons() default {};

  /** In the place of codes: any text will do, but there has to be one. */
  String REQUIRED = "required";

  /** What happens when nobody decides in time; never an approval. */
  ApprovalTerms.OnExpiry onExpiry() default ApprovalTerms.OnExpiry.REJECT;
}
