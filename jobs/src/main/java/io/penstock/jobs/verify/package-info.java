/** Live validations of a job: checks in an order, each of which may depend on others. */
@NullMarked
package io.penstock.jobs.verify;

import org.jspecify.annotations.NullMarked;
