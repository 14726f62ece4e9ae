// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Ownable} from '@openzeppelin/contracts/access/Ownable.sol';
import {IERC20} from '@openzeppelin/contracts/token/ERC20/IERC20.sol';
import {SafeERC20} from '@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol';
import {ReentrancyGuardTransient} from '@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol';
import {RelayedOwnable} from '../forwarder/RelayedOwnable.sol';
import {IABLiquidityAdministration} from '../interfaces/IABLiquidityAdministration.sol';

/// @title Fees and emergency brake (documented in IABLiquidityAdministration)
abstract contract ABLiquidityAdministration is
    IABLiquidityAdministration,
    RelayedOwnable,
    ReentrancyGuardTransient
{
    using SafeERC20 for IERC20;

    /// @notice The most that the swap fee can be set to, in basis points of the amount in.
    uint256 public constant MAX_SWAP_FEE = 300;
    uint256 private constant INITIAL_SWAP_FEE = 30;
    uint256 private constant INITIAL_PROTOCOL_FEE = 10;
    /// @notice Seconds that a pause lasts where nobody ends or prolongs it: longer than governance takes to decide on it.
    uint256 public constant PAUSE_SECONDS = 14 days;
    /// @notice Seconds from its end for which the guardian cannot pause again.
    uint256 public constant GUARDIAN_REST_SECONDS = 14 days;
    /// @notice Seconds ahead that governance can prolong a pause to, as often as it decides so.
    uint256 public constant PAUSE_SECONDS_MAX = 90 days;

    // They lie in one slot, so that a swap reads all three at once.
    uint40 private _pausedUntil;
    uint16 private _swapFee;
    uint16 private _protocolFee;
    uint40 private _guardianPausesFrom;
    /// @inheritdoc IABLiquidityAdministration
    address public feeRecipient;
    /// @inheritdoc IABLiquidityAdministration
    address public guardian;
    mapping(address token => uint256) internal _protocolFees;

    modifier whenNotPaused() {
        if (paused()) revert EnforcedPause();
        _;
    }

    constructor(address feeRecipient_, address guardian_) {
        _setSwapFee(INITIAL_SWAP_FEE);
        _setProtocolFee(INITIAL_PROTOCOL_FEE);
        _setFeeRecipient(feeRecipient_);
        _setGuardian(guardian_);
    }

    /// @inheritdoc IABLiquidityAdministration
    function setSwapFee(uint256 newFee) external onlyOwner {
        _setSwapFee(newFee);
    }

    /// @inheritdoc IABLiquidityAdministration
    function setProtocolFee(uint256 newFee) external onlyOwner {
        _setProtocolFee(newFee);
    }

    /// @inheritdoc IABLiquidityAdministration
    function setFeeRecipient(address newRecipient) external onlyOwner {
        _setFeeRecipient(newRecipient);
    }

    /// @inheritdoc IABLiquidityAdministration
    function setGuardian(address newGuardian) external onlyOwner {
        _setGuardian(newGuardian);
    }

    /// @inheritdoc IABLiquidityAdministration
    function pause() external {
        address caller = _msgSender();
        bool isOwner = caller == owner();
        if (!isOwner && caller != guardian) revert NotGuardian(caller);
        if (paused()) revert EnforcedPause();
        uint256 until = block.timestamp + PAUSE_SECONDS;
        if (!isOwner) {
            if (block.timestamp < _guardianPausesFrom) revert GuardianRests(_guardianPausesFrom);
            _guardianPausesFrom = uint40(until + GUARDIAN_REST_SECONDS);
        }
        emit Paused(caller);
        _setPausedUntil(until);
    }

    /// @inheritdoc IABLiquidityAdministration
    function prolongPause(uint256 until) external onlyOwner {
        if (!paused()) revert ExpectedPause();
        uint256 maximum = block.timestamp + PAUSE_SECONDS_MAX;
        if (until <= _pausedUntil || until > maximum) revert PauseOutOfRange(until, _pausedUntil, maximum);
        _setPausedUntil(until);
    }

    /// @inheritdoc IABLiquidityAdministration
    function unpause() external onlyOwner {
        if (!paused()) revert ExpectedPause();
        _pausedUntil = 0;
        emit Unpaused(_msgSender());
    }

    /// @notice Gives up ownership for good. Refused while paused: nobody could end the pause early then.
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, or EnforcedPause.
    function renounceOwnership() public override(Ownable) whenNotPaused onlyOwner {
        super.renounceOwnership();
    }

    /// @inheritdoc IABLiquidityAdministration
    function collectProtocolFees(address token) external nonReentrant returns (uint256 amount) {
        amount = _protocolFees[token];
        _protocolFees[token] = 0;
        emit ProtocolFeesCollected(token, feeRecipient, amount);
        _send(token, feeRecipient, amount);
    }

    /// @inheritdoc IABLiquidityAdministration
    function paused() public view returns (bool isPaused) {
        return block.timestamp < _pausedUntil;
    }

    /// @inheritdoc IABLiquidityAdministration
    function pausedUntil() external view returns (uint256 timestamp) {
        return _pausedUntil;
    }

    /// @inheritdoc IABLiquidityAdministration
    function guardianPausesFrom() external view returns (uint256 timestamp) {
        return _guardianPausesFrom;
    }

    /// @inheritdoc IABLiquidityAdministration
    function swapFee() public view returns (uint256 fee) {
        return _swapFee;
    }

    /// @inheritdoc IABLiquidityAdministration
    function protocolFee() public view returns (uint256 fee) {
        return _protocolFee;
    }

    /// @inheritdoc IABLiquidityAdministration
    function protocolFeesOf(address token) external view nonReentrantView returns (uint256 amount) {
        return _protocolFees[token];
    }

    function _setSwapFee(uint256 newFee) private {
        if (newFee > MAX_SWAP_FEE) revert SwapFeeTooLarge(newFee, MAX_SWAP_FEE);
        _checkProtocolFee(_protocolFee, newFee);
        emit SwapFeeUpdated(_swapFee, newFee);
        _swapFee = uint16(newFee);
    }

    function _setProtocolFee(uint256 newFee) private {
        _checkProtocolFee(newFee, _swapFee);
        emit ProtocolFeeUpdated(_protocolFee, newFee);
        _protocolFee = uint16(newFee);
    }

    function _checkProtocolFee(uint256 part, uint256 fee) private pure {
        if (part * 2 > fee) revert ProtocolFeeAboveHalf(part, fee);
    }

    function _setPausedUntil(uint256 until) private {
        _pausedUntil = uint40(until);
        emit PausedUntil(until);
    }

    function _setFeeRecipient(address newRecipient) private {
        if (newRecipient == address(0) || newRecipient == address(this)) {
            revert InvalidRecipient(newRecipient);
        }
        emit FeeRecipientUpdated(feeRecipient, newRecipient);
        feeRecipient = newRecipient;
    }

    function _setGuardian(address newGuardian) private {
        emit GuardianUpdated(guardian, newGuardian);
        guardian = newGuardian;
    }

    /// @dev Refuses tokens that take another amount from here than they are told to: what lies here is others'.
    function _send(address token, address to, uint256 amount) internal {
        uint256 held = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransfer(to, amount);
        _checkMoved(token, amount, IERC20(token).balanceOf(address(this)), held);
    }

    function _checkMoved(address token, uint256 expected, uint256 less, uint256 more) internal pure {
        uint256 moved = more < less ? 0 : more - less;
        if (moved != expected) revert UnexpectedTransfer(token, expected, moved);
    }
}
